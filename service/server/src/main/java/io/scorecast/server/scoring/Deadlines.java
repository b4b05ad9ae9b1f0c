package io.scorecast.server.scoring;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Ends the waiting of requests whose time is up. All requests of a kind have the same time, so each kind waits in a queue
 * in the order of arrival, and a look at its head now and then is enough: nothing is sorted, locked or cancelled.
 */
final class Deadlines implements AutoCloseable {

    private static final Duration LONGEST_LOOK = Duration.ofMillis(20);

    private final Queue<ScoreJob> single = new ConcurrentLinkedQueue<>();
    private final Queue<ScoreJob> bulk = new ConcurrentLinkedQueue<>();
    private final Consumer<ScoreJob> expire;
    private final long lookNanos;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param shortest the shortest time that a request may have
     * @param expire told of each whose time is up
     */
    Deadlines(Duration shortest, Consumer<ScoreJob> expire) {
        this.expire = expire;
        this.lookNanos = Math.min(shortest.toNanos() / 2, LONGEST_LOOK.toNanos());
        this.thread = new Thread(this::run, "score-deadlines");
        thread.setDaemon(true);
        thread.start();
    }

    void watch(ScoreJob job) {
        (job.bulk() ? bulk : single).add(job);
    }

    /** Nobody is due sooner than half the shortest time after an empty look, or than the head of a queue. */
    private void run() {
        while (!closed) {
            long now = System.nanoTime();
            LockSupport.parkNanos(Math.min(lookNanos, Math.min(look(single, now), look(bulk, now))));
        }
    }

    /** Ends what is due, forgets those at the head that have been answered, and says when the next is due. */
    private long look(Queue<ScoreJob> queue, long now) {
        for (ScoreJob job = queue.peek(); job != null; job = queue.peek()) {
            if (!job.isOver(now)) {
                return Math.max(1, job.deadlineNanos() - now + 1);
            }
            queue.poll();
            end(job);
        }
        return Long.MAX_VALUE;
    }

    /** Ends the waiting of all that are left. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        single.forEach(this::end);
        bulk.forEach(this::end);
    }

    private void end(ScoreJob job) {
        if (!job.future().isDone()) {
            expire.accept(job);
        }
    }
}
