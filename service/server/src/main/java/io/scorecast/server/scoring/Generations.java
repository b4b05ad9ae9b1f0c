package io.scorecast.server.scoring;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts this process's own writes to profiles. Who reads a customer's count before the log and finds the same one later
 * has not missed a write acknowledged in between. Customers share counters: a stranger's write costs a recomputation, never
 * a wrong answer.
 */
final class Generations {

    private static final int STRIPES = 1 << 14;

    private final AtomicLongArray counts = new AtomicLongArray(STRIPES);

    long of(String customer) {
        return counts.get(stripe(customer));
    }

    void advance(String customer) {
        counts.incrementAndGet(stripe(customer));
    }

    private static int stripe(String customer) {
        int hash = customer.hashCode() * 0x9E3779B9;
        return (hash >>> 16 ^ hash) & (STRIPES - 1);
    }
}
