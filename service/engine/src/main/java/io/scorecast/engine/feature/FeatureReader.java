package io.scorecast.engine.feature;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the results of one set's features from a state of the plan that it came from. Immutable. */
public final class FeatureReader {

    private final FeatureType[] types;
    private final int[] at;
    private final int[] widths;
    private final int width;

    FeatureReader(List<FeaturePlan.Place> places) {
        types = places.stream().map(FeaturePlan.Place::type).toArray(FeatureType[]::new);
        at = places.stream().mapToInt(FeaturePlan.Place::at).toArray();
        widths = places.stream().mapToInt(FeaturePlan.Place::width).toArray();
        width = places.stream().mapToInt(FeaturePlan.Place::width).sum();
    }

    /** How many numbers {@link #write} writes. */
    public int width() {
        return width;
    }

    /** Writes a row: numbers, vectors and sequences in the set's order, rounded to float; texts are left out. */
    public void write(FeaturePlan.State state, float[] target, int offset) {
        int next = offset;
        for (int f = 0; f < at.length; f++) {
            for (int i = 0; i < widths[f]; i++) {
                target[next++] = rounded(state.work.value(at[f] + i));
            }
        }
    }

    /** Writes a row as {@link #write(FeaturePlan.State, float[], int)} does, rounded to float though kept as double. */
    public void write(FeaturePlan.State state, double[] target, int offset) {
        int next = offset;
        for (int f = 0; f < at.length; f++) {
            for (int i = 0; i < widths[f]; i++) {
                target[next++] = rounded(state.work.value(at[f] + i));
            }
        }
    }

    /** Writes a row of whole numbers, for sets of sequences (and counts) that a model reads as int64; NaN becomes 0. */
    public void write(FeaturePlan.State state, long[] target, int offset) {
        int next = offset;
        for (int f = 0; f < at.length; f++) {
            for (int i = 0; i < widths[f]; i++) {
                target[next++] = (long) state.work.value(at[f] + i);
            }
        }
    }

    /** What float cannot hold is missing, as what double cannot hold is. */
    private static float rounded(double value) {
        float rounded = (float) value;
        return Float.isInfinite(rounded) ? Float.NaN : rounded;
    }

    /**
     * A NUMBER feature before it is rounded to float, as rules compare it; NaN if missing.
     *
     * @param feature its position in the set
     */
    public double number(FeaturePlan.State state, int feature) {
        return types[feature] == FeatureType.NUMBER ? state.work.value(at[feature]) : Double.NaN;
    }

    /** A TEXT feature; null if missing. */
    public @Nullable String text(FeaturePlan.State state, int feature) {
        return types[feature] == FeatureType.TEXT ? state.work.text(at[feature]) : null;
    }
}
