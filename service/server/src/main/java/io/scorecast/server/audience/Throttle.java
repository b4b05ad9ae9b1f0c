package io.scorecast.server.audience;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Keeps bulk work out of the way of single requests. While nobody asks, all threads work; as soon as single requests are
 * answered, one thread works, and it rests after each slice as long as requests wait for a thread, but never for good.
 */
public final class Throttle {

    /** For work that has the machine to itself. */
    public static final Throttle NONE = new Throttle(() -> 0, () -> 0, Integer.MAX_VALUE);

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long REST_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long LONGEST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final IntSupplier queued;
    private final LongSupplier answered;
    private final Semaphore alone = new Semaphore(1);
    private long looked = System.nanoTime();
    private long seen;
    private volatile long busyUntil = System.nanoTime();
    private final int threads;

    /**
     * Watches single requests.
     *
     * @param queued how many wait for a thread
     * @param answered how many were answered so far
     * @param threads the most that bulk work ever has
     */
    public Throttle(IntSupplier queued, LongSupplier answered, int threads) {
        this.queued = queued;
        this.answered = answered;
        this.threads = threads;
        this.seen = answered.getAsLong();
    }

    /** The most threads that bulk work may have. */
    int threads() {
        return Math.min(threads, Runtime.getRuntime().availableProcessors());
    }

    /** Works a slice of a few milliseconds, when there is room for it. */
    void work(Runnable slice) {
        if (!isBusy()) {
            slice.run();
            return;
        }
        alone.acquireUninterruptibly();
        try {
            long start = System.nanoTime();
            while (queued.getAsInt() > 0 && System.nanoTime() - start < LONGEST_REST_NANOS) {
                LockSupport.parkNanos(REST_NANOS);
            }
            slice.run();
        } finally {
            alone.release();
        }
    }

    private boolean isBusy() {
        long now = System.nanoTime();
        if (queued.getAsInt() > 0) {
            busyUntil = now + QUIET_NANOS;
            return true;
        }
        synchronized (this) {
            if (now - looked > LOOK_NANOS) {
                long count = answered.getAsLong();
                // One now and then is no load.
                if (count - seen > 2) {
                    busyUntil = now + QUIET_NANOS;
                }
                seen = count;
                looked = now;
            }
        }
        return busyUntil - now > 0;
    }
}
