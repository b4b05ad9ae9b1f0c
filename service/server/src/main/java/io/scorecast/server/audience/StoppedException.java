package io.scorecast.server.audience;

/** The job was asked to stop. Carries no stack trace: it is no fault. */
final class StoppedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    StoppedException() {
        super("stopped", null, false, false);
    }
}
