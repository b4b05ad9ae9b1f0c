package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.server.Caller.Reply;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import io.scorecast.server.store.EmbeddedRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis that hangs or dies costs callers their personal answers, never their answers. */
class RedisFaultsIT {

    private static final Duration DEADLINE = Duration.ofMillis(300);

    /** What nothing takes on a machine that is only busy, and a wait for a Redis that hangs takes for ever. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int ASKERS = 40;
    private static final Set<String> REASONS = Set.of("timeout", "store_unavailable");

    @TempDir
    Path folder;

    @Test
    void redisThatHangs_getsFallbacksInTimeAndIsUsedAgainAtOnce() throws IOException, InterruptedException {
        try (TestService service = Setup.in(folder).deadline(DEADLINE).start();
                Caller caller = new Caller(service.url())) {
            warmUp(caller);
            RedisProcess redis = new RedisProcess(folder.resolve("redis"));
            caller.score("c-0");
            redis.pause();
            Burst.Outcome hanging;
            long refusedMillis;
            try {
                assertThat(caller.score("c-0").header("scorecast-cache")).isEqualTo("near");
                hanging = Burst.scores(caller, Burst.RATE, Duration.ofSeconds(3), i -> "f-" + i);
                assertFallbacks(hanging);
                assertThat(caller.get("/health/readiness").status()).isEqualTo(200);
                Reply refused =
                        caller.post("/v1/events", MadeUpCustomers.event("c-1", "lost", "view", MadeUpCustomers.TIME));
                assertUnavailable(refused);
                refusedMillis = refused.nanos() / 1_000_000;
                assertFallbacks(Burst.scores(caller, 100, Duration.ofMillis(400), i -> "g-" + i));
            } finally {
                redis.resume();
            }
            long resumed = System.nanoTime();
            Reply reply = caller.score("c-90");
            while (!reply.json().path("personalized").asBoolean()) {
                assertThat(System.nanoTime() - resumed).isLessThan(PATIENCE.toNanos());
                reply = caller.score("c-90");
            }
            Reliability.note(
                    "10-hangs",
                    "Redis hangs (`SIGSTOP`), the deadline is 300 ms",
                    hanging,
                    String.format(
                            "an event is refused with 503 after %d ms; personal again %d ms after it goes on",
                            refusedMillis, (System.nanoTime() - resumed) / 1_000_000));
        }
    }

    @Test
    void redisThatIsGone_getsFallbacksAtOnce() throws IOException {
        EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"));
        try (TestService service =
                        Setup.in(folder).redis(redis.url()).deadline(DEADLINE).start();
                Caller caller = new Caller(service.url())) {
            warmUp(caller);
            redis.close();
            Burst.Outcome gone = Burst.scores(caller, Burst.RATE, Duration.ofSeconds(2), i -> "f-" + i);
            assertFallbacks(gone);
            Reliability.note("11-gone", "Redis is gone", gone, "");
            for (int i = 0; i < 20; i++) {
                Reply reply = caller.score("c-" + (50 + i));
                assertFallback(reply, "c-" + (50 + i));
                assertThat(reply.json().path("reason").asText()).isEqualTo("store_unavailable");
                assertThat(caller.get("/health/readiness").status()).isEqualTo(200);
            }
            assertUnavailable(
                    caller.post("/v1/events", MadeUpCustomers.event("c-1", "lost", "view", MadeUpCustomers.TIME)));
            Reply batch = caller.post("/v1/scores/batch", "{\"customer_ids\": [\"c-1\", \"c-2\"]}");
            assertThat(batch.status()).isEqualTo(200);
            assertThat(batch.json().path("results")).hasSize(2);
        } finally {
            redis.close();
        }
    }

    @Test
    void ownRedisThatIsKilled_isStartedAgainWithAllItAcknowledged() throws IOException, InterruptedException {
        try (TestService service = Setup.in(folder).deadline(DEADLINE).start();
                Caller caller = new Caller(service.url())) {
            warmUp(caller);
            int events = caller.score("c-70").json().path("profile_events").asInt();
            new RedisProcess(folder.resolve("redis")).kill();
            long killed = System.nanoTime();
            Reply reply = caller.score("c-71");
            while (!reply.json().path("personalized").asBoolean()) {
                assertFallback(reply, "c-71");
                assertThat(System.nanoTime() - killed).isLessThan(PATIENCE.toNanos());
                reply = caller.score("c-71");
            }
            Reliability.note(
                    "12-killed",
                    "the Redis of its own is killed (`SIGKILL`)",
                    String.format("started again, personal after %d ms", (System.nanoTime() - killed) / 1_000_000));
            assertThat(caller.score("c-70").json().path("profile_events").asInt())
                    .isEqualTo(events);
            caller.store(MadeUpCustomers.event("c-70", "after", "view", MadeUpCustomers.TIME));
            assertThat(caller.score("c-70").json().path("profile_events").asInt())
                    .isEqualTo(events + 1);
        }
    }

    /** Compiles what the deadline must not wait for. */
    private static void warmUp(Caller caller) throws IOException {
        caller.store(new MadeUpCustomers().events("c", 0, 100));
        for (int round = 0; round < 10; round++) {
            List<CompletableFuture<Reply>> asked = new ArrayList<>();
            for (int i = 0; i < ASKERS; i++) {
                asked.add(caller.scoreLater("unknown-" + i));
                asked.add(caller.scoreLater("c-" + i));
            }
            asked.forEach(CompletableFuture::join);
        }
    }

    private static void assertFallbacks(Burst.Outcome burst) {
        for (Reply reply : burst.replies()) {
            assertFallback(reply, reply.json().path("customer_id").asText());
        }
        // The store hangs on: nobody waited for it. How near to the deadline each was is for the record, not for a
        // test.
        assertThat(burst.millis(1)).isLessThan(PATIENCE.toMillis());
    }

    private static void assertFallback(Reply reply, String customer) {
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("customer_id").asText()).isEqualTo(customer);
        assertThat(reply.json().path("personalized").asBoolean()).isFalse();
        assertThat(reply.json().path("reason").asText()).isIn(REASONS);
        assertThat(reply.json().path("items").size()).isPositive();
        assertThat(reply.header("cache-control")).isEqualTo("no-store");
    }

    private static void assertUnavailable(Reply reply) {
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("content-type")).startsWith("application/problem+json");
        assertThat(reply.header("retry-after")).matches("\\d+");
    }
}
