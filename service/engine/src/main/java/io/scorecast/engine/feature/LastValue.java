package io.scorecast.engine.feature;

import org.jspecify.annotations.Nullable;

/** The text of a field in the last event of a window that has one. */
record LastValue(Source source, Field field) implements Definition {

    @Override
    public FeatureType type() {
        return FeatureType.TEXT;
    }

    @Override
    public Computation bind(Planner planner, int[] inputs, int at) {
        int range = planner.range(source);
        return work -> {
            @Nullable String text = null;
            for (int i = work.size(range) - 1; i >= 0 && text == null; i--) {
                if (!work.returned(range, i)) {
                    text = field.text(work.profile(), work.event(range, i));
                }
            }
            work.setText(at, text);
        };
    }
}
