package io.scorecast.server.serving;

import io.scorecast.engine.scorer.Scorer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Scorer and how many requests are using it. The last one to let go closes it, so that a swap never waits and never
 * closes a Scorer under a reader.
 */
public final class ScorerHandle implements AutoCloseable {

    private final Scorer scorer;
    /** Uses under way, and one for its owner until {@link #retire}. */
    private final AtomicInteger uses = new AtomicInteger(1);

    public ScorerHandle(Scorer scorer) {
        this.scorer = scorer;
    }

    public Scorer scorer() {
        return scorer;
    }

    /**
     * Begins a use, to be ended by {@link #close}.
     *
     * @return false if it was closed already: another one is live then
     */
    public boolean retain() {
        int now = uses.get();
        while (now > 0) {
            if (uses.compareAndSet(now, now + 1)) {
                return true;
            }
            now = uses.get();
        }
        return false;
    }

    /** Ends a use. */
    @Override
    public void close() {
        if (uses.decrementAndGet() == 0) {
            scorer.close();
        }
    }

    /** The owner lets go; once only. */
    public void retire() {
        close();
    }
}
