package io.scorecast.server.serving;

/** Where requests get the live Scorer from. */
@FunctionalInterface
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
    default ScorerHandle acquire(String customer) {
        return acquire();
    }

    /** Whether customers may have different Scorers. */
    default boolean isSplit() {
        return false;
    }
}
