package io.scorecast.server.scoring;

/** Where an answer came from, as the header {@code Scorecast-Cache} says it. */
public enum CacheOutcome {
    /** This process's memory. */
    NEAR("near"),
    /** Redis. */
    REDIS("redis"),
    /** It was computed for this request. */
    NONE("none"),
    /** It was computed for another request that asked the same at the same time. */
    SHARED("shared");

    private final String word;

    CacheOutcome(String word) {
        this.word = word;
    }

    /** The word that callers see. */
    public String word() {
        return word;
    }
}
