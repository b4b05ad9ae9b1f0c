package io.scorecast.engine.feature;

/** Days as exact fractions of 86,400 s, and UTC days. */
final class Days {

    static final long MILLIS = 86_400_000;

    private Days() {}

    static double of(long millis) {
        return (double) millis / MILLIS;
    }

    /** The number of the UTC day that an instant lies in, from 1970. */
    static long dayOf(long instant) {
        return Math.floorDiv(instant, MILLIS);
    }
}
