package io.scorecast.server.serving;

import io.scorecast.engine.model.Pace;

/**
 * Holds the proving of versions to a share of one core once requests are answered: after each slice of work it rests, in
 * proportion to what the slice took. Priorities of threads do nothing on Linux. Used by one thread.
 */
public final class ServingPace implements Pace {

    /** Rest for one part of work. */
    private static final int REST = 3;

    /** Shorter slices are added up: a sleep has a cost of its own. */
    private static final long LEAST_NANOS = 500_000;

    /** One slice that could not be cut must not make the whole take minutes. */
    private static final long MOST_NANOS = 50_000_000;

    private volatile boolean serving;
    private long begun = System.nanoTime();

    /** From now on there is somebody to yield to. */
    public void serving() {
        serving = true;
    }

    @Override
    public void pause() {
        if (!serving) {
            return;
        }
        long worked = System.nanoTime() - begun;
        if (worked < LEAST_NANOS) {
            return;
        }
        try {
            Thread.sleep(java.time.Duration.ofNanos(Math.min(MOST_NANOS, REST * worked)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        begun = System.nanoTime();
    }
}
