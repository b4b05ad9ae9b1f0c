package io.scorecast.engine.feature;

import java.util.List;

/**
 * How many edges a feature has reached.
 *
 * @param edges rising
 * @param inputSlope how fast the feature grows with time alone, per day
 */
record Bucket(List<Double> edges, double inputSlope) implements Definition {

    @Override
    public FeatureType type() {
        return FeatureType.NUMBER;
    }

    @Override
    public Computation bind(Planner planner, int[] inputs, int at) {
        int of = inputs[0];
        return work -> {
            double value = work.value(of);
            int reached = 0;
            while (reached < edges.size() && value >= edges.get(reached)) {
                reached++;
            }
            work.set(at, Double.isNaN(value) ? Double.NaN : reached);
            if (inputSlope > 0 && reached < edges.size() && !Double.isNaN(value)) {
                double days = (edges.get(reached) - value) / inputSlope;
                work.turnsAt(work.instant() + Math.max(1, (long) Math.min(days * Days.MILLIS, Long.MAX_VALUE / 4.0)));
            }
        };
    }
}
