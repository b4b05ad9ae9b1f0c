package io.scorecast.engine.model;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Guards what a model holds outside the heap: it is freed once, by whoever is the last to use it after the owner closed
 * it, so never under a reader. Nobody waits: a swap does not stop for a prediction under way.
 */
public final class UseCount {

    /** All that are not freed yet, in this process. */
    private static final AtomicInteger OPEN = new AtomicInteger();

    private final Runnable free;
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Uses under way, and one more until the owner closes. */
    private final AtomicInteger uses = new AtomicInteger(1);

    public UseCount(Runnable free) {
        this.free = free;
        OPEN.incrementAndGet();
    }

    /** How many models and versions of this process are not freed yet: what never falls is a leak. */
    public static int open() {
        return OPEN.get();
    }

    /**
     * Begins a use, to be followed by {@link #end}.
     *
     * @throws IllegalStateException if the owner has closed it
     */
    public void begin() {
        int now = uses.get();
        while (now > 0 && !closed.get()) {
            if (uses.compareAndSet(now, now + 1)) {
                return;
            }
            now = uses.get();
        }
        throw new IllegalStateException("the model is closed");
    }

    /** Ends a use; frees if the owner has closed and this was the last one. */
    public void end() {
        if (uses.decrementAndGet() == 0) {
            OPEN.decrementAndGet();
            free.run();
        }
    }

    /** Lets no new use begin, and frees when the last one under way has ended. Harmless when repeated. */
    public void close() {
        if (closed.compareAndSet(false, true)) {
            end();
        }
    }
}
