package io.scorecast.engine.feature;

import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.Vocabulary;

/**
 * How often each word of a vocabulary was bought, returns subtracted.
 *
 * @param field whose strings are looked up
 * @param level how many segments of them, for category paths; 0 for the whole string
 * @param halfLife milliseconds; 0 for plain counts
 */
record WordCounts(Source source, Vocabulary vocabulary, Field field, int level, long halfLife) implements Definition {

    @Override
    public FeatureType type() {
        return FeatureType.VECTOR;
    }

    @Override
    public int width() {
        return vocabulary.size();
    }

    @Override
    public Computation bind(Planner planner, int[] inputs, int at) {
        int range = planner.range(source);
        return work -> {
            work.clear(at, vocabulary.size());
            Profile profile = work.profile();
            for (int i = 0; i < work.size(range); i++) {
                int event = work.event(range, i);
                int word = word(profile, field.symbol(profile, event));
                if (word >= 0) {
                    double weight = Decay.weight(work.instant() - profile.time(event), halfLife);
                    work.add(at + word, work.returned(range, i) ? -weight : weight);
                }
            }
        };
    }

    private int word(Profile profile, int symbol) {
        if (symbol == Profile.NONE) {
            return -1;
        }
        return level == 0 ? profile.indexIn(vocabulary, symbol) : profile.indexOfAncestor(vocabulary, symbol, level);
    }
}
