package io.scorecast.engine.feature;

/** Computes one planned feature into a state. Immutable. */
@FunctionalInterface
interface Computation {

    void compute(Workspace work);
}
