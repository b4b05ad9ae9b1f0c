package io.scorecast.server.serving;

/** No Scorer is live yet. Carries no stack trace: it is ordinary while the service starts. */
public final class NotReadyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public NotReadyException(String message) {
        super(message, null, false, false);
    }
}
