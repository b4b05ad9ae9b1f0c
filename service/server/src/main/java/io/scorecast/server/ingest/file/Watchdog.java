package io.scorecast.server.ingest.file;

import java.time.Duration;

/**
 * Interrupts a reader that comes no further. The Parquet library waits for ever for a page that claims to be longer than
 * its column; a thread of its own then goes round in a loop that nothing ends, but whoever waits for it can be told.
 */
final class Watchdog implements AutoCloseable {

    private final Thread reader = Thread.currentThread();
    private final Thread watcher;
    private final Object lock = new Object();
    private long steps;
    private boolean closed;
    private boolean bitten;

    /** Watches the calling thread. */
    Watchdog(Duration patience) {
        watcher = Thread.ofPlatform().daemon().name("parquet-watchdog").start(() -> watch(patience));
    }

    private void watch(Duration patience) {
        long seen = -1;
        while (true) {
            synchronized (lock) {
                if (closed) {
                    return;
                }
                if (steps == seen) {
                    bitten = true;
                    reader.interrupt();
                    return;
                }
                seen = steps;
            }
            try {
                Thread.sleep(patience);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** The reader has come further. */
    void step() {
        synchronized (lock) {
            steps++;
        }
    }

    boolean hasBitten() {
        synchronized (lock) {
            return bitten;
        }
    }

    /** Stops watching; the interrupt was for the reading alone. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            if (bitten) {
                boolean unusedStatus = Thread.interrupted();
            }
        }
        watcher.interrupt();
    }
}
