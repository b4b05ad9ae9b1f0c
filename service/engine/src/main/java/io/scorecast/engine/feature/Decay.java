package io.scorecast.engine.feature;

/** Exponential decay by half-life. */
public final class Decay {

    private static final double LN_2 = Math.log(2);

    private Decay() {}

    /**
     * The weight of something that old: 2^(−age / halfLife).
     *
     * @param age milliseconds
     * @param halfLife milliseconds; 0 for no decay
     */
    public static double weight(long age, long halfLife) {
        return halfLife == 0 ? 1 : Math.exp(-LN_2 * age / halfLife);
    }
}
