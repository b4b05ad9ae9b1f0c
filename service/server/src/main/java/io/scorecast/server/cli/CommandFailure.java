package io.scorecast.server.cli;

/** Ends a command with exit code 1 and this message as its one line on standard error. */
final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    CommandFailure(String message) {
        super(message);
    }
}
