package io.scorecast.server.audience;

/** Numbers as answers have them. */
final class Numbers {

    private static final double LARGEST_EXACT_LONG = 1L << 53;

    private Numbers() {}

    /** A whole number without a decimal point. */
    static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < LARGEST_EXACT_LONG
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
