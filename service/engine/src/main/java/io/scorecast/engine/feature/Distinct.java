package io.scorecast.engine.feature;

import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.Truth;
import org.jspecify.annotations.Nullable;

/** The number of different values of a field. */
record Distinct(Source source, Field field) implements Definition {

    @Override
    public FeatureType type() {
        return FeatureType.NUMBER;
    }

    @Override
    public Computation bind(Planner planner, int[] inputs, int at) {
        int range = planner.range(source);
        return work -> {
            DistinctSet seen = work.distinct();
            for (int i = 0; i < work.size(range); i++) {
                if (!work.returned(range, i)) {
                    add(work.profile(), work.event(range, i), seen);
                }
            }
            work.set(at, seen.size());
        };
    }

    private void add(Profile profile, int event, DistinctSet seen) {
        if (field.isSymbol()) {
            int symbol = field.symbol(profile, event);
            if (symbol != Profile.NONE) {
                seen.add((double) symbol);
            }
            return;
        }
        double number = field.number(profile, event);
        @Nullable String text = field.text(profile, event);
        if (!Double.isNaN(number)) {
            seen.add(number);
        } else if (text != null) {
            seen.add(text);
        } else {
            Truth truth = field.truth(profile, event);
            if (truth != Truth.MISSING) {
                // Beside strings, no text of an event can be these: they have control characters.
                seen.add(truth == Truth.YES ? "\u0000true" : "\u0000false");
            }
        }
    }
}
