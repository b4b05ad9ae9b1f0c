package io.scorecast.engine.feature;

import io.scorecast.engine.event.EventType;
import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.Vocabulary;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Sorts the events of a profile into the lists of all filters, in one pass. Immutable. */
final class EventFilters {

    private final List<Filter> filters;

    /** By ordinal of a known type, the filters that take it. */
    private final int[][] byKnown;

    /** By index of a free type that a filter names. */
    private final int[][] byNamed;

    private final Vocabulary named;

    /** Of a free type that no filter names. */
    private final int[] byOther;

    EventFilters(List<Filter> filters) {
        this.filters = List.copyOf(filters);
        EventType[] known = EventType.values();
        byKnown = new int[known.length][];
        for (EventType type : known) {
            byKnown[type.ordinal()] = taking(type.typeName(), type.isBookkeeping());
        }
        Set<String> names = new LinkedHashSet<>();
        for (Filter filter : filters) {
            if (filter.types() != null) {
                filter.types().stream().filter(t -> !EventType.isKnown(t)).forEach(names::add);
            }
        }
        named = Vocabulary.of(new ArrayList<>(names));
        byNamed = new int[named.size()][];
        for (int i = 0; i < byNamed.length; i++) {
            byNamed[i] = taking(named.word(i), false);
        }
        byOther = taking("", false);
    }

    private int[] taking(String type, boolean bookkeeping) {
        List<Integer> taking = new ArrayList<>();
        for (int i = 0; i < filters.size(); i++) {
            if (filters.get(i).takes(type, bookkeeping)) {
                taking.add(i);
            }
        }
        return taking.stream().mapToInt(i -> i).toArray();
    }

    int size() {
        return filters.size();
    }

    /** Fills each filter's list with its events, in order of time. */
    void sort(Profile profile, EventVariables variables, EventList[] lists) {
        for (EventList list : lists) {
            list.clear();
        }
        int size = profile.size();
        for (int event = 0; event < size; event++) {
            for (int f : takers(profile, profile.type(event))) {
                Where where = filters.get(f).where();
                if (where == null || variables.holds(where, event)) {
                    lists[f].add(event);
                }
            }
        }
    }

    private int[] takers(Profile profile, int type) {
        if (type >= 0) {
            return byKnown[type];
        }
        int index = named.size() == 0 ? -1 : profile.indexIn(named, -2 - type);
        return index < 0 ? byOther : byNamed[index];
    }
}
