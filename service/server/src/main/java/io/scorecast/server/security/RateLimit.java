package io.scorecast.server.security;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket that holds what two seconds bring. Kept as the one instant at which the bucket would be full again (GCRA),
 * so that taking is a compare-and-set and nothing has to fill it.
 */
final class RateLimit {

    private static final long SECOND = 1_000_000_000L;
    private static final long DEPTH = 2 * SECOND;

    private final long interval;
    private final AtomicLong full;

    /**
     * @param rate requests a second; 0 for any number
     * @param now of a clock of nanoseconds
     */
    RateLimit(int rate, long now) {
        interval = rate == 0 ? 0 : Math.max(1, SECOND / rate);
        full = new AtomicLong(now);
    }

    /** Takes one: 0 if there was one, else nanoseconds until there is. */
    long take(long now) {
        if (interval == 0) {
            return 0;
        }
        while (true) {
            long before = full.get();
            long from = before - now > 0 ? before : now;
            long wait = from + interval - now - Math.max(DEPTH, interval);
            if (wait > 0) {
                return wait;
            }
            if (full.compareAndSet(before, from + interval)) {
                return 0;
            }
        }
    }
}
