package io.scorecast.server.scoring;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.profile.LogHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What scoring asks of Redis. Each call is one pipelined round trip for all customers named, and may block. */
public interface ScoreStore {

    /**
     * What identifies a log's content; equal exactly where the content is.
     *
     * @param header null if there is no log
     * @param length bytes
     */
    record LogIdentity(@Nullable LogHeader header, long length) {}

    /** Asks which content a log has and, where a body is wanted, for a cached prediction of that content. */
    record Probe(CustomerId customer, boolean body) {}

    /**
     * What became of a probe.
     *
     * @param prediction of this very content and not past its time; null if there is none or it was not asked for
     */
    record Proof(LogIdentity identity, @Nullable CachedPrediction prediction) {}

    /**
     * A prediction as Redis keeps it.
     *
     * @param validUntil epoch milliseconds
     */
    record CachedPrediction(byte[] body, long validUntil) {}

    /** A whole log; without bytes where there is none. */
    record StoredLog(LogIdentity identity, byte[] bytes) {}

    /** A prediction to keep, if its customer's log still has the content it was computed from. */
    record Kept(CustomerId customer, LogIdentity identity, CachedPrediction prediction) {}

    /** Answers in the order of the probes. */
    List<Proof> prove(List<Probe> probes, String fingerprint, long now);

    /** Answers in the order of the customers. */
    List<StoredLog> read(List<CustomerId> customers);

    /**
     * Keeps predictions unless a valid one of the same content is there.
     *
     * @return for each whether it is the one that is kept
     */
    List<Boolean> keep(List<Kept> predictions, String fingerprint, long now);
}
