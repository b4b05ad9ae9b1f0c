package io.scorecast.server.audience;

import io.scorecast.server.store.StoreUnavailableException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a store that is away: a restart of Redis is no reason to fail. */
final class Patience {

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private Patience() {}

    /**
     * What a call to a store gives, once it can be done.
     *
     * @param stop ends the waiting
     * @throws StoreUnavailableException if the store stays away
     */
    static <T> T with(Supplier<T> call, BooleanSupplier stop) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (true) {
            try {
                return call.get();
            } catch (StoreUnavailableException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                pause(stop);
            }
        }
    }

    private static void pause(BooleanSupplier stop) {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException();
        }
        if (stop.getAsBoolean()) {
            throw new StoppedException();
        }
    }
}
