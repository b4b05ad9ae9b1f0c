package io.scorecast.engine.feature;

import java.time.ZoneId;

/**
 * The share of events inside some hours or on some weekdays, in a time zone.
 *
 * @param hours bit h is set for the local hour h
 * @param weekdays bit d is set for day d of the week, Monday being 0
 */
record TimeShare(Source source, int hours, int weekdays, ZoneId zone) implements Definition {

    @Override
    public FeatureType type() {
        return FeatureType.NUMBER;
    }

    @Override
    public Computation bind(Planner planner, int[] inputs, int at) {
        int range = planner.range(source);
        Offsets offsets = Offsets.of(zone);
        return work -> {
            int n = work.size(range);
            int inside = 0;
            for (int i = 0; i < n; i++) {
                inside += isInside(offsets.local(work.profile().time(work.event(range, i)))) ? 1 : 0;
            }
            work.set(at, n == 0 ? Double.NaN : (double) inside / n);
        };
    }

    private boolean isInside(long local) {
        int hour = (int) (Math.floorMod(local, Days.MILLIS) / 3_600_000);
        // 1970-01-01 was a Thursday.
        int weekday = (int) Math.floorMod(Days.dayOf(local) + 3, 7L);
        return (hours >> hour & 1) == 1 && (weekdays >> weekday & 1) == 1;
    }
}
