package io.scorecast.engine.feature;

/** One feature divided by another; missing where that is 0. */
record Ratio() implements Definition {

    @Override
    public FeatureType type() {
        return FeatureType.NUMBER;
    }

    @Override
    public Computation bind(Planner planner, int[] inputs, int at) {
        int of = inputs[0];
        int to = inputs[1];
        return work -> work.set(at, work.value(of) / work.value(to));
    }
}
