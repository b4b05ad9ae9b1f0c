package io.scorecast.engine.pair;

import io.scorecast.engine.profile.Profile;
import java.util.List;

/**
 * The candidates of one list.
 *
 * @param name of the output that ranks them
 * @param vocabularyFile with the items' ids, categories and titles
 * @param level how many segments of an event's category path are its item; 0 if its product is
 * @param hasNeighbours whether it names a file of neighbours
 * @param limit how many candidates there are at most
 */
record CandidateList(
        String name,
        String vocabularyFile,
        ItemTable items,
        boolean hasNeighbours,
        int level,
        Bought bought,
        List<CandidateSource> sources,
        int limit) {

    CandidateList {
        sources = List.copyOf(sources);
    }

    /** Which items come into question. */
    enum Bought {
        ANY,
        ONLY,
        NEVER
    }

    /** The item of an event; -1 if it is of none. */
    int item(Profile profile, int event) {
        if (level == 0) {
            int product = profile.product(event);
            return product == Profile.NONE ? -1 : profile.indexIn(items.ids(), product);
        }
        int category = profile.category(event);
        return category == Profile.NONE ? -1 : profile.indexOfAncestor(items.ids(), category, level);
    }
}
