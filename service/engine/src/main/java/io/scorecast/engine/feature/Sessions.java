package io.scorecast.engine.feature;

import io.scorecast.engine.profile.Profile;

/**
 * How often a customer came: different session ids, or runs of events.
 *
 * @param gap milliseconds without an event that end a run; 0 to count session ids
 */
record Sessions(Source source, long gap) implements Definition {

    @Override
    public FeatureType type() {
        return FeatureType.NUMBER;
    }

    @Override
    public Computation bind(Planner planner, int[] inputs, int at) {
        int range = planner.range(source);
        return work -> work.set(at, gap == 0 ? ids(work, range) : runs(work, range));
    }

    private static int ids(Workspace work, int range) {
        DistinctSet seen = work.distinct();
        for (int i = 0; i < work.size(range); i++) {
            int session = work.profile().session(work.event(range, i));
            if (session != Profile.NONE) {
                seen.add((double) session);
            }
        }
        return seen.size();
    }

    private int runs(Workspace work, int range) {
        int runs = 0;
        long last = 0;
        for (int i = 0; i < work.size(range); i++) {
            long time = work.profile().time(work.event(range, i));
            runs += runs == 0 || time - last > gap ? 1 : 0;
            last = time;
        }
        return runs;
    }
}
