package io.scorecast.server.cli;

import io.scorecast.engine.event.ArrivalRule;
import io.scorecast.engine.event.Event;
import io.scorecast.server.ingest.Ingestor;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Loads event files through an {@link Ingestor}: while one delivery is stored, the next is read. */
final class EventLoader implements AutoCloseable {

    private static final int EVENTS_A_DELIVERY = 5_000;

    private final Ingestor ingestor;
    private final ExecutorService writer = Executors.newSingleThreadExecutor();
    private Ingestor.Delivery reading;
    private int waiting;
    private @Nullable Future<Ingestor.Receipt> storing;
    private long stored;

    EventLoader(Ingestor ingestor) {
        this.ingestor = ingestor;
        this.reading = ingestor.deliver();
    }

    /**
     * Loads the good events of all files. Where a file cannot be read to its end, what came before has been loaded.
     *
     * @throws IOException if a file cannot be read to its end
     * @throws io.scorecast.server.store.StoreUnavailableException if Redis does not take them
     */
    void load(EventFiles files, BadRows bad) throws IOException {
        try {
            files.read(ArrivalRule.OWN_OR_RECEIVED, System.currentTimeMillis(), bad, (event, arrival, row) -> {
                Event stored = ingestor.attributes().apply(event, path -> bad.left(row, path));
                reading.event(row.index(), stored, arrival);
                if (++waiting == EVENTS_A_DELIVERY) {
                    store();
                }
            });
        } finally {
            store();
            awaitStored();
        }
    }

    /** Events that are stored. */
    long stored() {
        return stored;
    }

    private void store() {
        awaitStored();
        Ingestor.Delivery full = reading;
        storing = writer.submit(full::store);
        reading = ingestor.deliver();
        waiting = 0;
    }

    private void awaitStored() {
        Future<Ingestor.Receipt> running = storing;
        storing = null;
        if (running == null) {
            return;
        }
        try {
            stored += running.get().accepted();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IllegalStateException("events cannot be stored", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted; " + stored + " events were loaded");
        }
    }

    @Override
    public void close() {
        writer.shutdownNow();
    }
}
