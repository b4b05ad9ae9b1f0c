package io.scorecast.server.serving;

/** Where requests get the live Scorer from. */
public interface ScorerSource {

    /**
     * The live Scorer, in use until the handle is closed.
     *
     * @throws NotReadyException if none is live yet
     */
    ScorerHandle acquire();

    /**
     * The Scorer for a customer, who may belong to a challenger's share; in use until the handle is closed.
     *
     * @throws NotReadyException if none is live yet
     */
    ScorerHandle acquire(String customer);

    /** Whether customers may have different Scorers. */
    boolean isSplit();

    /**
     * The Scorers of this moment, for a request about many customers: it sees the same ones from start to end.
     *
     * @throws NotReadyException if none is live yet
     */
    HeldScorers hold();
}
