package io.scorecast.server;

import io.scorecast.server.Caller.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/** Requests at a rate of their own, however slowly they are answered. Their time is counted from when they were meant. */
final class Burst {

    /** A second; the run that makes the page takes more. */
    static final int RATE = Integer.getInteger("scorecast.reliability.rate", 300);

    private Burst() {}

    /**
     * What came of them.
     *
     * @param nanos sorted, from when each was meant to be sent
     */
    record Outcome(List<Reply> replies, long[] nanos) {

        /** How many got each reason; those with a personal answer as {@code personal}. */
        Map<String, Integer> reasons() {
            Map<String, Integer> reasons = new TreeMap<>();
            for (Reply reply : replies) {
                String reason = reply.status() != 200
                        ? "status " + reply.status()
                        : reply.json().path("reason").asText("personal");
                reasons.merge(reason, 1, Integer::sum);
            }
            return reasons;
        }

        int count(String reason) {
            return reasons().getOrDefault(reason, 0);
        }

        /** How many milliseconds this share of them took at most. */
        double millis(double share) {
            return nanos[Math.min(nanos.length - 1, (int) (share * nanos.length))] / 1e6;
        }
    }

    /** Sends them, and waits for all answers. */
    static Outcome scores(Caller caller, int rate, Duration time, IntFunction<String> customer) {
        int count = (int) (rate * time.toMillis() / 1_000);
        List<CompletableFuture<Reply>> asked = new ArrayList<>(count);
        long[] late = new long[count];
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long meant = start + i * 1_000_000_000L / rate;
            for (long now = System.nanoTime(); now < meant; now = System.nanoTime()) {
                LockSupport.parkNanos(meant - now);
            }
            late[i] = System.nanoTime() - meant;
            asked.add(caller.scoreLater(customer.apply(i)));
        }
        List<Reply> replies = asked.stream().map(CompletableFuture::join).toList();
        long[] nanos = new long[count];
        Arrays.setAll(nanos, i -> late[i] + replies.get(i).nanos());
        Arrays.sort(nanos);
        return new Outcome(replies, nanos);
    }
}
