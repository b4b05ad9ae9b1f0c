package io.scorecast.engine.feature;

import io.scorecast.engine.expression.NumberExpression;

/** A formula over other features; its variables' slots are the inputs' order. */
record ExpressionFeature(NumberExpression expression) implements Definition {

    @Override
    public FeatureType type() {
        return FeatureType.NUMBER;
    }

    @Override
    public Computation bind(Planner planner, int[] inputs, int at) {
        return work -> work.set(at, expression.value(work.inputs(inputs)));
    }
}
