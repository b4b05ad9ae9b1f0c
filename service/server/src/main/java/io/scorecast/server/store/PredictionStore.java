package io.scorecast.server.store;

import io.scorecast.engine.event.CustomerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Predictions that are kept, each with the proof of what it was computed from. Every call blocks, is one round trip for all
 * customers named, and throws {@link StoreUnavailableException} if it cannot be done.
 */
public interface PredictionStore {

    /** Asks which content a log has and, where a body is wanted, for a kept prediction of that content. */
    record Probe(CustomerId customer, boolean body) {}

    /**
     * What became of a probe.
     *
     * @param prediction of this very content and not past its time; null if there is none or it was not asked for
     */
    record Proof(LogIdentity identity, @Nullable CachedPrediction prediction) {}

    /** A prediction to keep, if its customer's log still has the content it was computed from. */
    record Kept(CustomerId customer, LogIdentity identity, CachedPrediction prediction) {}

    /**
     * Answers in the order of the probes.
     *
     * @param now epoch milliseconds
     */
    List<Proof> prove(List<Probe> probes, String fingerprint, long now);

    /**
     * Keeps predictions unless a valid one of the same content is there: the first writer wins.
     *
     * @param now epoch milliseconds
     * @return for each whether it is the one that is kept
     */
    List<Boolean> keep(List<Kept> predictions, String fingerprint, long now);

    /** Removes what is kept for customers, whose logs were erased: it would be served no more, but also not stay. */
    void forget(List<CustomerId> customers, String fingerprint);
}
