package io.scorecast.loadtest.run;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A companion on a thread of its own. */
final class Beside implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private final FutureTask<Void> task;
    private final Thread thread;

    /** Starts it. */
    Beside(Companion companion, OwnService service) {
        task = new FutureTask<>(() -> {
            try {
                companion.run(service);
            } catch (InterruptedException e) {
                // The load has ended.
            }
            return null;
        });
        thread = Thread.ofPlatform().name("beside").daemon().start(task);
    }

    /**
     * Ends it with the load.
     *
     * @throws IOException if it could not do what it should
     * @throws LoadTestFailure the same
     */
    void end() throws IOException, InterruptedException {
        close();
        try {
            task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new LoadTestFailure("what went on beside the load did not end");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
