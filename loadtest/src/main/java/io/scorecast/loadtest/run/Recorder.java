package io.scorecast.loadtest.run;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What became of the requests of a load. Times count from when a request was to leave, also those of requests that nobody
 * answered in time: leaving them out would hide the worst.
 */
final class Recorder {

    /** Of the chart. */
    static final int SLICES = 60;

    private static final long LONGEST = 600_000_000_000L;

    private final Histogram[] kinds;
    private final Histogram all = histogram(3);
    private final Histogram late = histogram(3);
    private final Histogram[] slices = new Histogram[SLICES];
    private final long[] errorsByKind;
    private final Map<String, Long> errors = new TreeMap<>();
    private final Map<String, Long> caches = new TreeMap<>();
    private final Map<String, Long> fallbacks = new TreeMap<>();
    private final long start;
    private final long nanos;
    private long intended;
    private long answered;
    private long degraded;
    private int mostWaiting;
    private long lastAnswer;

    /**
     * Begins.
     *
     * @param kinds of requests
     * @param start nanoseconds of the first intended time
     * @param nanos how long requests leave
     */
    Recorder(int kinds, long start, long nanos) {
        this.kinds = new Histogram[kinds];
        this.errorsByKind = new long[kinds];
        this.start = start;
        this.nanos = nanos;
        this.lastAnswer = start;
        for (int i = 0; i < kinds; i++) {
            this.kinds[i] = histogram(3);
        }
        for (int i = 0; i < SLICES; i++) {
            slices[i] = histogram(2);
        }
    }

    private static Histogram histogram(int digits) {
        return new Histogram(1_000, LONGEST, digits);
    }

    /** A request became due. */
    void intended(long due, long now) {
        intended++;
        late.recordValue(Math.clamp(now - due, 0, LONGEST));
    }

    void waiting(int requests) {
        mostWaiting = Math.max(mostWaiting, requests);
    }

    /** It was answered rightly. */
    void answered(int kind, long due, long now, @Nullable String cache) {
        answered++;
        time(kind, due, now);
        if (cache != null) {
            caches.merge(cache, 1L, Long::sum);
        }
    }

    /** An answer stands in for a prediction, for this reason. */
    void fallback(String reason, long count) {
        fallbacks.merge(reason, count, Long::sum);
    }

    /** Some of an answer's models failed. */
    void degraded() {
        degraded++;
    }

    /** It was refused, or nobody answered. */
    void failed(int kind, long due, long now, String why) {
        errorsByKind[kind]++;
        errors.merge(why, 1L, Long::sum);
        time(kind, due, now);
    }

    private void time(int kind, long due, long now) {
        long took = Math.clamp(now - due, 0, LONGEST);
        kinds[kind].recordValue(took);
        all.recordValue(took);
        slices[Math.clamp((due - start) * SLICES / Math.max(1, nanos), 0, SLICES - 1)].recordValue(took);
        lastAnswer = Math.max(lastAnswer, now);
    }

    /** Requests whose time had come. */
    long count() {
        return intended;
    }

    long answered() {
        return answered;
    }

    long errorCount() {
        long sum = 0;
        for (long errors : errorsByKind) {
            sum += errors;
        }
        return sum;
    }

    long errorCount(int kind) {
        return errorsByKind[kind];
    }

    /** How often each thing went wrong. */
    Map<String, Long> errors() {
        return errors;
    }

    /** Answers by where they came from, as {@code Scorecast-Cache} says. */
    Map<String, Long> caches() {
        return caches;
    }

    /** Answers that are no prediction, by reason. */
    Map<String, Long> fallbacks() {
        return fallbacks;
    }

    long degradedCount() {
        return degraded;
    }

    Histogram times() {
        return all;
    }

    Histogram times(int kind) {
        return kinds[kind];
    }

    /** By the intended time, in {@link #SLICES} equal parts. */
    Histogram slice(int slice) {
        return slices[slice];
    }

    /** By how much requests were taken up later than intended, by the generator's own fault. */
    Histogram late() {
        return late;
    }

    /** Most requests that waited at once because every connection was busy. */
    int mostWaiting() {
        return mostWaiting;
    }

    double seconds() {
        return nanos / 1e9;
    }

    /** From the first intended time to the last answer. */
    double secondsToLastAnswer() {
        return Math.max(nanos, lastAnswer - start) / 1e9;
    }
}
