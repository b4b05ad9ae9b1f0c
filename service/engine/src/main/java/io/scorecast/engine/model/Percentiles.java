package io.scorecast.engine.model;

import java.util.Arrays;

/** Cut points of a score's distribution in training: a score's percentile is the number of cut points at or below it. */
public final class Percentiles {

    private static final Percentiles NONE = new Percentiles(new double[0]);

    private final double[] cuts;

    /** Takes cut points that never fall. */
    public Percentiles(double[] cuts) {
        this.cuts = cuts.clone();
    }

    public static Percentiles none() {
        return NONE;
    }

    public boolean isEmpty() {
        return cuts.length == 0;
    }

    /** 0 to 100 for a published score; -1 if there are no cut points or the score is NaN. */
    public int of(double score) {
        if (Double.isNaN(score) || cuts.length == 0) {
            return -1;
        }
        int found = Arrays.binarySearch(cuts, score);
        if (found < 0) {
            return -found - 1;
        }
        while (found < cuts.length && cuts[found] == score) {
            found++;
        }
        return found;
    }
}
