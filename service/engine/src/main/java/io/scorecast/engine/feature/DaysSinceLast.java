package io.scorecast.engine.feature;

import io.scorecast.engine.profile.Profile;
import java.util.List;

/**
 * Days since the last event of a window; missing once an event of the types in {@code unless} came after it.
 *
 * @param unless empty for none
 */
record DaysSinceLast(Source source, List<String> unless) implements Definition {

    @Override
    public FeatureType type() {
        return FeatureType.NUMBER;
    }

    @Override
    public double slope() {
        return 1;
    }

    @Override
    public Computation bind(Planner planner, int[] inputs, int at) {
        int range = planner.range(source);
        int stops =
                unless.isEmpty() ? -1 : planner.range(new Source(new Filter(unless, false, null), Source.ALWAYS, 0));
        return work -> work.set(at, value(work, range, stops));
    }

    private static double value(Workspace work, int range, int stops) {
        for (int i = work.size(range) - 1; i >= 0; i--) {
            if (!work.returned(range, i)) {
                int last = work.event(range, i);
                Profile profile = work.profile();
                if (stops >= 0 && work.size(stops) > 0 && work.event(stops, work.size(stops) - 1) > last) {
                    return Double.NaN;
                }
                return Days.of(work.instant() - profile.time(last));
            }
        }
        return Double.NaN;
    }
}
