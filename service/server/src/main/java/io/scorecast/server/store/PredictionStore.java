package io.scorecast.server.store;

import io.scorecast.engine.event.CustomerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Predictions that are kept, each with the proof of what it was computed from. Every call blocks, is one round trip for all
 * customers named, and throws {@link StoreUnavailableException} if it cannot be done.
 */
public interface PredictionStore {

    /**
     * Asks which content a log has.
     *
     * @param body whether a kept prediction of that content is wanted
     * @param log whether the log is wanted, if it is short
     */
    record Probe(CustomerId customer, boolean body, boolean log) {}

    /**
     * What became of a probe.
     *
     * @param prediction of this very content and not past its time; null if there is none or it was not asked for
     * @param other whether one is kept that is not: of other content, or past its time
     * @param log of this content; null if it was not asked for, or is long
     */
    record Proof(
            LogIdentity identity,
            @Nullable CachedPrediction prediction,
            boolean other,
            @Nullable StoredLog log) {}

    /**
     * A prediction to keep, if its customer's log still has the content it was computed from.
     *
     * @param replaces whether another may be kept already; if none was a moment ago, keeping is cheaper
     */
    record Kept(CustomerId customer, LogIdentity identity, CachedPrediction prediction, boolean replaces) {}

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
