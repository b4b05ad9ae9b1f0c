package io.scorecast.server.scoring;

import java.util.concurrent.CompletableFuture;

/**
 * A request on its way through the batcher.
 *
 * @param deadlineNanos {@link System#nanoTime} after which nobody waits for it
 * @param generation of the customer when it was asked
 * @param queuedNanos {@link System#nanoTime}
 */
record ScoreJob(
        ScoreRequest request, long deadlineNanos, long generation, long queuedNanos, CompletableFuture<Answer> future) {

    boolean isOver(long nanos) {
        return future.isDone() || nanos - deadlineNanos > 0;
    }
}
