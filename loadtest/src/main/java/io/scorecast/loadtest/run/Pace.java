package io.scorecast.loadtest.run;

/** When requests leave. */
sealed interface Pace {

    /**
     * An open loop: at times that no answer changes, evenly spaced at a rate that stays or that rises (or falls) in a
     * straight line.
     *
     * @param from requests a second at the beginning
     * @param to at the end
     */
    record Open(double from, double to) implements Pace {

        /**
         * When a request is due.
         *
         * @param number from 0
         * @param nanos how long the whole lasts
         * @return nanoseconds after the beginning; no less than {@code nanos} if the request is none of this load
         */
        long due(long number, long nanos) {
            if (from == to) {
                return (long) (number / from * 1e9);
            }
            // n requests have left at t when from · t + slope · t² / 2 = n.
            double slope = (to - from) / (nanos / 1e9);
            double root = from * from + 2 * slope * number;
            return root < 0 ? nanos : (long) ((Math.sqrt(root) - from) / slope * 1e9);
        }
    }

    /** A closed loop, to find what a service can give at most: each connection asks again as soon as it is answered. */
    record Closed() implements Pace {}
}
