package io.scorecast.server.inference;

/** Rows were not computed. Carries no stack trace: the reason says all. */
public final class InferenceException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean retryable;

    private InferenceException(String message, boolean retryable) {
        super(message, null, false, false);
        this.retryable = retryable;
    }

    static InferenceException overloaded(String message) {
        return new InferenceException(message, true);
    }

    static InferenceException failed(String message) {
        return new InferenceException(message, false);
    }

    /** Whether the same rows may be computed a moment later; else the model cannot compute them. */
    public boolean isRetryable() {
        return retryable;
    }

    /** One sentence. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
