package io.scorecast.engine.feature;

/**
 * What a feature computes. Records: two that are equal, over equal inputs, are computed once. One record for each family of
 * kinds has what its definition says and its computation.
 */
interface Definition {

    FeatureType type();

    /** How many numbers it gives: 1, the length of a vector or sequence, 0 for a text. */
    default int width() {
        return type() == FeatureType.TEXT ? 0 : 1;
    }

    /** How fast it grows with time alone, per day. */
    default double slope() {
        return 0;
    }

    /**
     * Plans the computation.
     *
     * @param inputs places of the features that it reads, in the order in which its reader resolved them
     * @param at its own place: of its first number, or of its text
     */
    Computation bind(Planner planner, int[] inputs, int at);
}
