package io.scorecast.server.scoring;

import io.scorecast.server.serving.HeldScorers;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way through the batcher.
 *
 * @param bulk whether it is one of many: it lets single requests pass
 * @param held the Scorers that answer all of its request; null for those of the moment
 * @param deadlineNanos {@link System#nanoTime} after which nobody waits for it
 * @param generation of the customer when it was asked
 * @param queuedNanos {@link System#nanoTime}
 */
record ScoreJob(
        ScoreRequest request,
        boolean bulk,
        @Nullable HeldScorers held,
        long deadlineNanos,
        long generation,
        long queuedNanos,
        CompletableFuture<Answer> future) {

    /** What an event of a context costs beside a byte of the log. */
    private static final long CONTEXT_EVENT = 128;

    boolean isOver(long nanos) {
        return future.isDone() || nanos - deadlineNanos > 0;
    }

    /** Estimated work, in bytes of log: decoding and the features' pass are most of it, and go by the length. */
    long work(long logLength) {
        return logLength + CONTEXT_EVENT * request.context().size();
    }
}
