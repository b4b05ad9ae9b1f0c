package io.scorecast.engine.prediction;

/** Why an answer is not personal. */
public enum Reason {
    UNKNOWN_CUSTOMER("unknown_customer"),
    OPTED_OUT("opted_out"),
    TIMEOUT("timeout"),
    OVERLOADED("overloaded"),
    STORE_UNAVAILABLE("store_unavailable");

    private final String word;

    Reason(String word) {
        this.word = word;
    }

    /** The word that callers see. */
    public String word() {
        return word;
    }
}
