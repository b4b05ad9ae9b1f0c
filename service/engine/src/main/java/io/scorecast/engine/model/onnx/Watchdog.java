package io.scorecast.engine.model.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Stops runs of ONNX Runtime that take too long: a graph may hold a loop that never ends, for every input or for some, and
 * neither its file nor a trial can tell. ONNX Runtime looks between two operators whether it is to stop, also within a
 * loop. One thread watches all runs of the process, so that a run costs no thread and no timer.
 *
 * <p>What counts is the processor time of the thread that runs, not the clock: a machine that is busy, or that stood still
 * for a while, is no fault of a graph.
 */
final class Watchdog {

    private static final long STEP = TimeUnit.MILLISECONDS.toNanos(100);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Watchdog SHARED = new Watchdog();

    private final Set<Run> running = ConcurrentHashMap.newKeySet();

    private Watchdog() {
        Thread.ofPlatform().daemon().name("onnx-watchdog").start(this::watch);
    }

    /** Begins a run on this thread, which may compute for so long. */
    static Run begin(Duration limit) throws OrtException {
        Run run = SHARED.new Run(Thread.currentThread().threadId(), limit.toNanos());
        SHARED.running.add(run);
        return run;
    }

    private void watch() {
        while (true) {
            LockSupport.parkNanos(STEP);
            running.forEach(Run::look);
        }
    }

    /** Nanoseconds that a thread has computed; the clock's where the system does not tell. */
    private static long computed(long thread) {
        long nanos = THREADS.getThreadCpuTime(thread);
        return nanos < 0 ? System.nanoTime() : nanos;
    }

    /** A run under way, until it is closed. */
    final class Run implements AutoCloseable {

        private final OrtSession.RunOptions options = new OrtSession.RunOptions();
        private final long thread;
        private final long limit;
        private boolean closed;
        private boolean stopped;

        /** What the thread had computed when it was first looked at, so that short runs need not ask; 0 before. */
        private long begun;

        private Run(long thread, long limit) throws OrtException {
            this.thread = thread;
            this.limit = limit;
        }

        /** Called by the watching thread alone. */
        private void look() {
            long now = computed(thread);
            if (begun == 0) {
                begun = now;
            } else if (now - begun >= limit) {
                stop();
            }
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
