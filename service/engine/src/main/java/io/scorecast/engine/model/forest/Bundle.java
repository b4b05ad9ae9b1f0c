package io.scorecast.engine.model.forest;

/** Eight trees of one output that are walked at once. */
sealed interface Bundle permits CompleteBundle, LinkedBundle {

    int TREES = 8;

    /**
     * Adds the eight leaves of every row to its sum, one after the other.
     *
     * @param encoded rows of {@code stride} numbers, from the array's begin
     * @param sums the sum of row {@code r} stands at {@code first + r · step}
     */
    void add(int[] encoded, int rows, int stride, float[] sums, int first, int step);
}
