package io.scorecast.server.scoring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands waiting requests to threads, as many together as are waiting: one when idle, a full batch in a burst. A thread
 * never waits for more. Each thread takes its batch through all stages; there are more threads than cores, so that while
 * some wait for Redis the others compute. Customers with very long logs go to a thread of their own: nobody waits behind
 * them but their like.
 */
final class Batcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Batcher.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The most requests that wait behind long logs: each takes milliseconds. */
    private static final int LONG_CAPACITY = 256;

    private final WaitingRoom waiting;
    private final WaitingRoom longLogs = new WaitingRoom(LONG_CAPACITY, 1);
    private final List<Thread> threads = new ArrayList<>();
    private final List<Thread> longThreads = new ArrayList<>();
    private final ScoringMeters meters;

    /** Makes what a thread does with its batches. */
    @FunctionalInterface
    interface Workers {
        /**
         * Makes it for one thread.
         *
         * @param capacity the most jobs of a batch
         * @param sideLane takes a job with a very long log, or refuses it; null if the worker has to do them itself
         */
        Consumer<List<ScoreJob>> create(int capacity, @Nullable Predicate<ScoreJob> sideLane);
    }

    Batcher(ScoringSettings settings, ScoringMeters meters, Workers workers) {
        this.meters = meters;
        this.waiting = new WaitingRoom(settings.queue(), Math.max(1, settings.workers() / 2));
        for (int i = 0; i < settings.workers(); i++) {
            start(threads, "score-" + i, waiting, settings.batchSize(), workers, longLogs::offer);
        }
        start(longThreads, "score-long", longLogs, 1, workers, null);
    }

    private void start(
            List<Thread> group,
            String name,
            WaitingRoom room,
            int size,
            Workers workers,
            @Nullable Predicate<ScoreJob> sideLane) {
        Consumer<List<ScoreJob>> worker = workers.create(size, sideLane);
        Thread thread = new Thread(() -> run(room, size, worker), name);
        thread.setDaemon(true);
        group.add(thread);
        thread.start();
    }

    /** False if too many are waiting, or the service is stopping. */
    boolean offer(ScoreJob job) {
        return waiting.offer(job);
    }

    int queued() {
        return waiting.size() + longLogs.size();
    }

    private void run(WaitingRoom room, int size, Consumer<List<ScoreJob>> worker) {
        List<ScoreJob> taken = new ArrayList<>(size);
        List<ScoreJob> jobs = new ArrayList<>(size);
        try {
            while (room.take(taken, size)) {
                long now = System.nanoTime();
                for (ScoreJob job : taken) {
                    meters.waited(now - job.queuedNanos());
                    if (!job.isOver(now)) {
                        jobs.add(job);
                    }
                }
                if (!jobs.isEmpty()) {
                    answer(jobs, worker);
                }
                room.done(taken);
                taken.clear();
                jobs.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A thread outlives whatever its work throws; the deadline answers those it left behind. */
    private static void answer(List<ScoreJob> jobs, Consumer<List<ScoreJob>> worker) {
        try {
            worker.accept(jobs);
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            LOG.error("A batch of {} was lost", jobs.size(), e);
        }
    }

    /** Lets what waits be answered, and ends the threads. */
    @Override
    public void close() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        waiting.close();
        join(threads, end);
        longLogs.close();
        join(longThreads, end);
    }

    private static void join(List<Thread> threads, long end) {
        for (Thread thread : threads) {
            try {
                thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
