package io.scorecast.server.scoring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands waiting requests to threads, as many together as are waiting: one when idle, a full batch in a burst. A thread
 * never waits for more. There are more threads than cores, so that while some wait for Redis the others compute.
 */
final class Batcher implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How often an idle thread looks whether the service is stopping. */
    private static final Duration LOOK_UP = Duration.ofMillis(100);

    private final BlockingQueue<ScoreJob> queue;
    private final List<Thread> threads = new ArrayList<>();
    private final ScoringMeters meters;
    private final int batchSize;
    private volatile boolean closed;

    Batcher(ScoringSettings settings, ScoringMeters meters, Supplier<ScoreWorker> workers) {
        this.queue = new ArrayBlockingQueue<>(settings.queue());
        this.meters = meters;
        this.batchSize = settings.batchSize();
        for (int i = 0; i < settings.workers(); i++) {
            ScoreWorker worker = workers.get();
            Thread thread = new Thread(() -> run(worker), "score-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    /** False if too many are waiting, or the service is stopping. */
    boolean offer(ScoreJob job) {
        return !closed && queue.offer(job);
    }

    int queued() {
        return queue.size();
    }

    private void run(ScoreWorker worker) {
        List<ScoreJob> waiting = new ArrayList<>(batchSize);
        List<ScoreJob> jobs = new ArrayList<>(batchSize);
        while (true) {
            ScoreJob first = next();
            if (first == null) {
                return;
            }
            waiting.add(first);
            queue.drainTo(waiting, batchSize - 1);
            long now = System.nanoTime();
            for (ScoreJob job : waiting) {
                meters.waited(now - job.queuedNanos());
                if (!job.isOver(now)) {
                    jobs.add(job);
                }
            }
            if (!jobs.isEmpty()) {
                worker.answer(jobs);
            }
            waiting.clear();
            jobs.clear();
        }
    }

    /** Waits for a request; null when the service has stopped and none is left. */
    private @Nullable ScoreJob next() {
        try {
            while (true) {
                ScoreJob job = queue.poll(LOOK_UP.toMillis(), TimeUnit.MILLISECONDS);
                if (job != null || closed) {
                    return job;
                }
            }
        } catch (InterruptedException e) {
            return null;
        }
    }

    /** Lets what waits be answered, and ends the threads. */
    @Override
    public void close() {
        closed = true;
        long end = System.nanoTime() + PATIENCE.toNanos();
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
