package io.scorecast.loadtest;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Asks at times that do not depend on the answers: who waits delays nobody, and a late answer counts from when it should
 * have been asked for.
 */
final class OpenLoop implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MOST_RECORDED = 4_000_000;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final IntFunction<URI> requests;
    private final Predicate<String> isRight;
    private final AtomicInteger number = new AtomicInteger();

    /**
     * Sets what is asked.
     *
     * @param requests by their number
     * @param isRight of an answer's body
     */
    OpenLoop(IntFunction<URI> requests, Predicate<String> isRight) {
        this.requests = requests;
        this.isRight = isRight;
    }

    /**
     * What came of it.
     *
     * @param millis sorted
     */
    record Outcome(double[] millis, long failed, long wrong, double seconds) {

        double quantile(double q) {
            return millis.length == 0 ? Double.NaN : millis[(int) Math.min(millis.length - 1, q * millis.length)];
        }

        String text() {
            return String.format(
                    "%d answers (%.0f/s), %d failed, %d wrong; ms: p50 %.2f, p90 %.2f, p99 %.2f, p99.9 %.2f, max %.1f",
                    millis.length,
                    millis.length / seconds,
                    failed,
                    wrong,
                    quantile(0.5),
                    quantile(0.9),
                    quantile(0.99),
                    quantile(0.999),
                    quantile(1));
        }
    }

    /** Asks so many times a second, while there is reason to. */
    Outcome run(double perSecond, BooleanSupplier goOn) {
        Recorder recorder = new Recorder();
        long start = System.nanoTime();
        long gap = (long) (1e9 / perSecond);
        for (long due = start; goOn.getAsBoolean(); due += gap) {
            long scheduled = due;
            while (System.nanoTime() < scheduled) {
                LockSupport.parkNanos(scheduled - System.nanoTime());
            }
            recorder.begin();
            CompletableFuture<HttpResponse<String>> asked = ask();
            CompletableFuture<Void> unused = asked.handle((response, failure) -> {
                recorder.end(System.nanoTime() - scheduled, failure == null ? response : null);
                return null;
            });
        }
        return recorder.outcome(start);
    }

    /** How many answers a second so many callers get who ask again as soon as they have one. */
    double capacity(int callers, Duration time) {
        Recorder recorder = new Recorder();
        long start = System.nanoTime();
        long end = start + time.toNanos();
        Semaphore free = new Semaphore(callers);
        while (System.nanoTime() < end) {
            free.acquireUninterruptibly();
            recorder.begin();
            long asked = System.nanoTime();
            CompletableFuture<Void> unused = ask().handle((response, failure) -> {
                recorder.end(System.nanoTime() - asked, failure == null ? response : null);
                free.release();
                return null;
            });
        }
        Outcome outcome = recorder.outcome(start);
        return outcome.millis().length / outcome.seconds();
    }

    private CompletableFuture<HttpResponse<String>> ask() {
        HttpRequest request = HttpRequest.newBuilder(requests.apply(number.getAndIncrement()))
                .timeout(PATIENCE)
                .build();
        return client.sendAsync(request, BodyHandlers.ofString());
    }

    private final class Recorder {

        private final float[] millis = new float[MOST_RECORDED];
        private final AtomicInteger count = new AtomicInteger();
        private final AtomicLong begun = new AtomicLong();
        private final AtomicLong ended = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();
        private final AtomicLong wrong = new AtomicLong();

        void begin() {
            begun.incrementAndGet();
        }

        void end(long nanos, @Nullable HttpResponse<String> response) {
            if (response == null || response.statusCode() != 200) {
                failed.incrementAndGet();
            } else if (!isRight.test(response.body())) {
                wrong.incrementAndGet();
            }
            millis[count.getAndIncrement() % MOST_RECORDED] = nanos / 1e6f;
            ended.incrementAndGet();
        }

        Outcome outcome(long start) {
            double seconds = (System.nanoTime() - start) / 1e9;
            while (ended.get() < begun.get()) {
                LockSupport.parkNanos(1_000_000);
            }
            double[] sorted = new double[Math.min(count.get(), MOST_RECORDED)];
            for (int i = 0; i < sorted.length; i++) {
                sorted[i] = millis[i];
            }
            Arrays.sort(sorted);
            return new Outcome(sorted, failed.get(), wrong.get(), seconds);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
