package io.scorecast.engine.model.forest;

/** Four trees of one output that are walked at once. */
sealed interface Quad permits CompleteQuad, LinkedQuad {

    int TREES = 4;

    /**
     * Adds the four leaves of every row to its sum, one after the other.
     *
     * @param encoded rows of {@code stride} numbers, from the array's begin
     * @param sums the sum of row {@code r} stands at {@code first + r · step}
     */
    void add(int[] encoded, int rows, int stride, float[] sums, int first, int step);
}
