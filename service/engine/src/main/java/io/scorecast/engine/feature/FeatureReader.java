package io.scorecast.engine.feature;

import org.jspecify.annotations.Nullable;

/** Reads the results of one set's features from a state of the plan that it came from. Immutable. */
@SuppressWarnings("DoNotCallSuggester")
public final class FeatureReader {

    private FeatureReader() {}

    /** How many numbers {@link #write} writes. */
    public int width() {
        throw new UnsupportedOperationException();
    }

    /** Writes a row: numbers, vectors and sequences in the set's order, rounded to float; texts are left out. */
    public void write(FeaturePlan.State state, float[] target, int offset) {
        throw new UnsupportedOperationException();
    }

    /** Writes a row as {@link #write(FeaturePlan.State, float[], int)} does, rounded to float though kept as double. */
    public void write(FeaturePlan.State state, double[] target, int offset) {
        throw new UnsupportedOperationException();
    }

    /** Writes a row of whole numbers, for sets of sequences (and counts) that a model reads as int64; NaN becomes 0. */
    public void write(FeaturePlan.State state, long[] target, int offset) {
        throw new UnsupportedOperationException();
    }

    /**
     * A NUMBER feature before it is rounded to float, as rules compare it; NaN if missing.
     *
     * @param feature its position in the set
     */
    public double number(FeaturePlan.State state, int feature) {
        throw new UnsupportedOperationException();
    }

    /** A TEXT feature; null if missing. */
    public @Nullable String text(FeaturePlan.State state, int feature) {
        throw new UnsupportedOperationException();
    }
}
