package io.scorecast.engine.model.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Stops runs of ONNX Runtime that take too long: a graph may hold a loop that never ends, for every input or for some, and
 * neither its file nor a trial can tell. ONNX Runtime looks between two operators whether it is to stop, also within a
 * loop. One thread watches all runs of the process, so that a run costs no thread and no timer.
 */
final class Watchdog {

    private static final long STEP = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Watchdog SHARED = new Watchdog();

    private final Set<Run> running = ConcurrentHashMap.newKeySet();

    private Watchdog() {
        Thread.ofPlatform().daemon().name("onnx-watchdog").start(this::watch);
    }

    /** Begins a run, which may take so long. */
    static Run begin(Duration limit) throws OrtException {
        Run run = SHARED.new Run(System.nanoTime() + limit.toNanos());
        SHARED.running.add(run);
        return run;
    }

    private void watch() {
        while (true) {
            LockSupport.parkNanos(STEP);
            long now = System.nanoTime();
            for (Run run : running) {
                if (now - run.end >= 0) {
                    run.stop();
                }
            }
        }
    }

    /** A run under way, until it is closed. */
    final class Run implements AutoCloseable {

        private final OrtSession.RunOptions options = new OrtSession.RunOptions();
        private final long end;
        private boolean closed;
        private boolean stopped;

        private Run(long end) throws OrtException {
            this.end = end;
        }

        /** To be given to the run. */
        OrtSession.RunOptions options() {
            return options;
        }

        /** Whether it took too long and was told to stop. */
        synchronized boolean isStopped() {
            return stopped;
        }

        /** The options are freed by who runs, and must not be touched after. */
        private synchronized void stop() {
            if (closed || stopped) {
                return;
            }
            stopped = true;
            try {
                options.setTerminate(true);
            } catch (OrtException e) {
                throw new IllegalStateException("ONNX Runtime cannot stop a run: " + e.getMessage(), e);
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
            running.remove(this);
            options.close();
        }
    }
}
