package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.server.Caller.Reply;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import io.scorecast.server.scoring.ScoringSettings;
import io.scorecast.server.store.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * More requests than can be done. Capacity is made small and known, by a Redis that takes its time, so that three times of it
 * is no matter of the machine: two threads with eight customers each need two round trips of 50 ms, which is 160 a second.
 */
class OverloadIT {

    private static final Duration ROUND_TRIP = Duration.ofMillis(50);
    private static final int CAPACITY = 160;
    private static final int QUEUE = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private static RedisProcess redis;
    private static RedisProxy proxy;
    private static TestService service;
    private static Caller caller;

    @BeforeAll
    static void start() throws IOException {
        redis = RedisProcess.server(folder);
        proxy = new RedisProxy(redis.url());
        ScoringSettings small =
                new ScoringSettings(PATIENCE, PATIENCE, 2, 8, QUEUE, 1 << 20, Duration.ofSeconds(1), Duration.ZERO);
        service = Setup.in(folder.resolve("data"))
                .redis(proxy.url())
                .scoring(small)
                .start();
        caller = new Caller(service.url());
        caller.store(new MadeUpCustomers().events("c", 0, 2_000));
        for (int i = 0; i < 300; i++) {
            caller.score("c-" + i);
        }
    }

    @AfterAll
    static void stop() throws IOException {
        caller.close();
        service.close();
        proxy.close();
        redis.close();
    }

    @Test
    void threeTimesTheCapacity_isShedAtOnceAndTheRestIsAnswered() throws Exception {
        proxy.delay(ROUND_TRIP);
        AtomicInteger deepest = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        Thread watch = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                deepest.accumulateAndGet((int) caller.metric("scorecast_queue"), Math::max);
            }
        });
        Burst.Outcome burst;
        try {
            burst = Burst.scores(caller, 3 * CAPACITY, Duration.ofSeconds(3), i -> "c-" + (500 + i));
        } finally {
            over.set(true);
            watch.join();
            proxy.heal();
        }

        assertThat(burst.reasons().keySet()).containsExactlyInAnyOrder("personal", "overloaded");
        // What is above the capacity and fits in no queue; half of it, for a machine that is slow to ask.
        assertThat(burst.count("overloaded")).isGreaterThan(CAPACITY);
        assertThat(burst.count("personal")).isGreaterThan(QUEUE);
        assertThat(deepest.get()).isLessThanOrEqualTo(QUEUE);
        long shed = System.nanoTime();
        RedisProcess.await("all are answered again", () -> calm(1_990));
        Reliability.note(
                "20-overload",
                "three times the capacity (480 a second for 160, a queue of 60)",
                burst,
                String.format(
                        "never more than %d waited; 10 of 10 personal again after %d ms",
                        deepest.get(), (System.nanoTime() - shed) / 1_000_000));
    }

    /** Ten at once, all personal. */
    private static boolean calm(int from) {
        List<CompletableFuture<Reply>> asked = new ArrayList<>();
        for (int i = from; i < from + 10; i++) {
            asked.add(caller.scoreLater("c-" + i));
        }
        return asked.stream()
                .map(CompletableFuture::join)
                .allMatch(reply -> reply.json().path("personalized").asBoolean());
    }

    /** However many come while nothing moves: what waits is bounded, and who does not fit is answered while it stands still. */
    @Test
    void manyMoreThanFit_areAnsweredWhileTheStoreStandsStill() throws Exception {
        redis.pause();
        List<CompletableFuture<Reply>> asked = new ArrayList<>();
        List<Reply> shed = new ArrayList<>();
        int many = 1_000;
        int held = QUEUE + 2 * 8;
        try {
            for (int i = 0; i < many; i++) {
                asked.add(caller.scoreLater("s-" + i));
            }
            RedisProcess.await(
                    "all that do not fit are answered",
                    () -> asked.stream().filter(CompletableFuture::isDone).count() >= many - held);
        } finally {
            redis.unpause();
        }
        for (CompletableFuture<Reply> reply : asked) {
            Reply answer = reply.join();
            assertThat(answer.status()).isEqualTo(200);
            if (answer.json().path("reason").asText().equals("overloaded")) {
                shed.add(answer);
            }
        }
        assertThat(shed.size()).isGreaterThan(many / 2);
        for (Reply reply : shed) {
            assertThat(reply.json().path("items").size()).isPositive();
            assertThat(reply.header("cache-control")).isEqualTo("no-store");
        }
        RedisProcess.await("it recovers", () -> calm(1_900));
    }
}
