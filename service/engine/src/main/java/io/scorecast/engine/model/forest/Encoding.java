package io.scorecast.engine.model.forest;

/**
 * How numbers and splits are written as integers; see {@link Forest}. A split is one long: the encoded threshold in the
 * upper half, the place in the encoded row in the lower one.
 */
final class Encoding {

    private Encoding() {}

    /** An int that sorts as the number does; -0 equals 0. Not for NaN. */
    static int sortable(float number) {
        // Negative numbers sort backwards as bits; -0 + 0 is 0.
        int bits = Float.floatToRawIntBits(number + 0f);
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }

    /** Writes rows of {@code width} numbers from {@code from} on as rows of twice that width. */
    static void encode(float[] numbers, int from, int rows, int width, int[] encoded) {
        for (int r = 0; r < rows; r++) {
            int in = from + r * width;
            int out = r * 2 * width;
            for (int c = 0; c < width; c++) {
                float number = numbers[in + c];
                int sortable = sortable(number);
                boolean missing = Float.isNaN(number);
                encoded[out + c] = missing ? Integer.MIN_VALUE : sortable;
                encoded[out + width + c] = missing ? Integer.MAX_VALUE : sortable;
            }
        }
    }

    /** A split of a tree over rows of {@code width} features. */
    static long split(Tree tree, int node, int width) {
        int place = tree.feature(node) + (tree.missingLeft(node) ? 0 : width);
        return pack(sortable(tree.value(node)), place);
    }

    /** A split by which every row goes right. */
    static long always() {
        return pack(Integer.MIN_VALUE, 0);
    }

    private static long pack(int threshold, int place) {
        return ((long) threshold << 32) | place;
    }

    /** -1 if the row that begins at {@code at} is below the split's threshold and goes left, else 0. */
    static int below(int[] encoded, int at, long split) {
        return (int) ((encoded[at + (int) split] - (split >> 32)) >> 63);
    }
}
