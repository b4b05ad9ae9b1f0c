package io.scorecast.engine.feature;

import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.Vocabulary;

/**
 * The last events whose field is a word of a vocabulary, the latest at the end: as indices from 1, or their ages in days;
 * padded with 0 on the left.
 */
record RecentWords(boolean ages, Source source, Vocabulary vocabulary, Field field, int length) implements Definition {

    @Override
    public FeatureType type() {
        return ages ? FeatureType.VECTOR : FeatureType.SEQUENCE;
    }

    @Override
    public int width() {
        return length;
    }

    @Override
    public Computation bind(Planner planner, int[] inputs, int at) {
        int range = planner.range(source);
        return work -> {
            work.clear(at, length);
            Profile profile = work.profile();
            int place = at + length - 1;
            for (int i = work.size(range) - 1; i >= 0 && place >= at; i--) {
                int event = work.event(range, i);
                int symbol = work.returned(range, i) ? Profile.NONE : field.symbol(profile, event);
                int word = symbol == Profile.NONE ? -1 : profile.indexIn(vocabulary, symbol);
                if (word >= 0) {
                    work.set(place--, ages ? Days.of(work.instant() - profile.time(event)) : word + 1);
                }
            }
        };
    }
}
