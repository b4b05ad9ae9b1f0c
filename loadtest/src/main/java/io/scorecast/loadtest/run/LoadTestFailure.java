package io.scorecast.loadtest.run;

/** Ends the load test with exit code 1 and this message as its one line on standard error. */
final class LoadTestFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    LoadTestFailure(String message) {
        super(message);
    }
}
