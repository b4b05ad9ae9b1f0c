package io.scorecast.server.store;

/** Redis does not answer, or not as it should: nothing is known about what was asked. */
public final class StoreUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
