package io.scorecast.server.inference;

import io.scorecast.server.serving.OpenVersion;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes bare predictions on threads of its own, so that they slow scores no more than by their share of the machine.
 * Requests that wait for the same version are computed together. Never blocks the caller.
 */
public final class InferenceService implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(InferenceService.class);

    private final InferenceSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Queue<InferenceJob> waiting = new ArrayDeque<>();
    private final List<Thread> threads = new ArrayList<>();
    private long waitingNumbers;
    private boolean closed;

    public InferenceService(InferenceSettings settings) {
        this.settings = settings;
        for (int i = 0; i < settings.workers(); i++) {
            Thread thread = new Thread(this::work, "infer-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    /**
     * Computes rows.
     *
     * @param version taken over: it is closed when it is no longer needed
     * @return all outputs of the model; fails with an {@link InferenceException}
     */
    public CompletableFuture<Rows> infer(OpenVersion version, Rows inputs) {
        InferenceJob job = new InferenceJob(version, inputs);
        if (!offer(job)) {
            job.end(InferenceException.overloaded("too many rows are waiting for models"));
            return job.future();
        }
        return job.future()
                .orTimeout(settings.deadline().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        failure instanceof TimeoutException
                                ? InferenceException.overloaded("the rows could not be computed in "
                                        + settings.deadline().toMillis() + " ms")
                                : failure));
    }

    private boolean offer(InferenceJob job) {
        lock.lock();
        try {
            long numbers = job.inputs().numbers();
            boolean fits = waiting.isEmpty()
                    || (waiting.size() < settings.queue() && waitingNumbers + numbers <= settings.numbers());
            if (closed || !fits) {
                return false;
            }
            waiting.add(job);
            waitingNumbers += numbers;
            arrived.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        InferenceWorker worker = new InferenceWorker(settings.slice());
        List<InferenceJob> jobs = new ArrayList<>();
        try {
            while (take(jobs)) {
                run(worker, jobs);
                jobs.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A thread outlives whatever its work throws; the deadline answers those it left behind. */
    private static void run(InferenceWorker worker, List<InferenceJob> jobs) {
        try {
            worker.run(jobs);
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            LOG.error("A batch of {} was lost", jobs.size(), e);
        }
    }

    /** Waits for a request and takes it, with those for the same version that fit beside it; false at the end. */
    private boolean take(List<InferenceJob> into) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                InferenceJob first = waiting.poll();
                if (first == null) {
                    if (closed) {
                        return false;
                    }
                    arrived.await();
                } else {
                    waitingNumbers -= first.inputs().numbers();
                    into.add(first);
                    takeLike(first, into);
                    return true;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void takeLike(InferenceJob first, List<InferenceJob> into) {
        int rows = first.rows();
        Iterator<InferenceJob> others = waiting.iterator();
        while (others.hasNext() && rows < settings.together()) {
            InferenceJob other = others.next();
            boolean fits = other.rows() <= settings.together() - rows;
            if (fits && other.version().model().equals(first.version().model())) {
                others.remove();
                waitingNumbers -= other.inputs().numbers();
                into.add(other);
                rows += other.rows();
            }
        }
    }

    /** Computes what waits, and ends the threads. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (Thread thread : threads) {
            try {
                thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
