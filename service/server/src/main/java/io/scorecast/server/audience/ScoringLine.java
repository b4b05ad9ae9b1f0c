package io.scorecast.server.audience;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a spool: a thread reads ahead, several score, and the caller's takes the results in the spool's order. A few
 * chunks are under way at any time, so memory is bounded.
 */
final class ScoringLine implements AutoCloseable {

    private static final int READ_AHEAD = 4;

    private final BlockingQueue<Ahead> ahead = new ArrayBlockingQueue<>(READ_AHEAD);
    private final ExecutorService workers;
    private final int threads;
    private final ChunkScoring scoring;
    private final BooleanSupplier stop;
    private final Thread reader;
    private volatile boolean closed;

    /** A chunk, the failure to read one, or, with neither, the end. */
    private record Ahead(@Nullable Chunk chunk, @Nullable Throwable failure) {}

    /** Takes results in order. */
    @FunctionalInterface
    interface Sink {
        void take(Scored scored) throws IOException;
    }

    ScoringLine(ChunkReader chunks, ChunkScoring scoring, int threads, BooleanSupplier stop) {
        this.scoring = scoring;
        this.threads = threads;
        this.stop = stop;
        this.workers = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("audience-score-", 0).factory());
        this.reader = Thread.ofPlatform().daemon().name("audience-read").start(() -> read(chunks));
    }

    private void read(ChunkReader chunks) {
        try (chunks) {
            Chunk chunk = chunks.next();
            while (chunk != null && !closed) {
                ahead.put(new Ahead(chunk, null));
                chunk = chunks.next();
            }
            ahead.put(new Ahead(null, null));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            try {
                ahead.put(new Ahead(null, e));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Runs to the end, or until it is told to stop. */
    void run(Sink sink) throws IOException {
        Queue<Future<Scored>> running = new ArrayDeque<>();
        try {
            while (true) {
                Ahead next = null;
                while (next == null) {
                    if (stop.getAsBoolean()) {
                        throw new StoppedException();
                    }
                    next = ahead.poll(100, TimeUnit.MILLISECONDS);
                    if (next == null && !running.isEmpty()) {
                        sink.take(result(running.remove()));
                    }
                }
                Chunk chunk = next.chunk();
                if (chunk == null) {
                    while (!running.isEmpty()) {
                        sink.take(result(running.remove()));
                    }
                    raise(next.failure());
                    return;
                }
                running.add(workers.submit(() -> scoring.score(chunk)));
                while (running.size() > 2 * threads) {
                    sink.take(result(running.remove()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException();
        }
    }

    private Scored result(Future<Scored> future) throws InterruptedException, IOException {
        try {
            if (stop.getAsBoolean()) {
                throw new StoppedException();
            }
            return future.get();
        } catch (ExecutionException e) {
            raise(e.getCause());
            throw new IllegalStateException("a chunk has neither a result nor a failure", e);
        }
    }

    private static void raise(@Nullable Throwable failure) throws IOException {
        switch (failure) {
            case null -> {}
            case UncheckedIOException io -> throw io.getCause();
            case IOException io -> throw io;
            case RuntimeException other -> throw other;
            default -> throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        closed = true;
        reader.interrupt();
        workers.shutdownNow();
        try {
            boolean unused = workers.awaitTermination(5, TimeUnit.SECONDS);
            reader.join(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
