package io.scorecast.server.scoring;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.server.catalogue.Catalogue;
import io.scorecast.server.serving.NotReadyException;
import io.scorecast.server.serving.ScorerHandle;
import io.scorecast.server.serving.ScorerSource;
import io.scorecast.server.store.PredictionStore;
import io.scorecast.server.store.ProfileStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Erases customers: their logs, what is cached here, and what is kept of the Scorer that answers them. */
public final class Erasure {

    private final ProfileStore profiles;
    private final PredictionStore predictions;
    private final ScorerSource scorers;
    private final Consumer<CustomerId> written;
    private final Elsewhere elsewhere;
    private final Supplier<Catalogue.State> catalogue;
    private final Clock clock;

    /**
     * @param written told of each customer once the log is erased, before anyone hears that it is
     * @param elsewhere what else is kept of customers
     */
    public Erasure(
            ProfileStore profiles,
            PredictionStore predictions,
            ScorerSource scorers,
            Consumer<CustomerId> written,
            Elsewhere elsewhere,
            Supplier<Catalogue.State> catalogue,
            Clock clock) {
        this.profiles = profiles;
        this.predictions = predictions;
        this.scorers = scorers;
        this.written = written;
        this.elsewhere = elsewhere;
        this.catalogue = catalogue;
        this.clock = clock;
    }

    /** What is kept of customers besides profiles and predictions. */
    @FunctionalInterface
    public interface Elsewhere {
        void erase(Collection<String> customers) throws IOException;
    }

    /**
     * That a customer was erased.
     *
     * @param erasedAt events of that instant and before are ignored from now on, epoch milliseconds
     * @param events how many were there
     */
    public record Erased(CustomerId customer, long erasedAt, int events) {}

    /**
     * Erases one, also if nothing is known of that customer.
     *
     * @throws UncheckedIOException if something may be left in files; asking again is harmless
     * @throws io.scorecast.server.store.StoreUnavailableException if it may not have been done; asking again is harmless
     */
    public Erased erase(CustomerId customer) {
        List<CustomerId> one = List.of(customer);
        byte[] log = profiles.read(one).getFirst().bytes();
        int events = ProfileLog.events(customer, log, 0, log.length).size();
        long erasedAt = clock.millis();
        try {
            profiles.erase(one, erasedAt);
        } finally {
            // Also after a failure: it may be erased.
            written.accept(customer);
        }
        // What is kept would be served no more, for it is of another log; but nor shall it stay.
        try (ScorerHandle handle = scorers.acquire(customer.value())) {
            predictions.forget(one, Basis.of(handle.scorer(), catalogue.get()).fingerprint());
        } catch (NotReadyException e) {
            // Nothing was answered by any Scorer yet.
        }
        try {
            elsewhere.erase(List.of(customer.value()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Erased(customer, erasedAt, events);
    }
}
