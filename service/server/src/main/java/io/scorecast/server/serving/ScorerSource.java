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
}
