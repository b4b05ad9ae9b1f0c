package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.server.Caller.Reply;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import io.scorecast.server.store.RedisProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/**
 * A Redis that answers, but not as it should: it still loads, does not know the password, is slow, or its connections break.
 * Callers of scores get 200 all the same; events are stored or refused, never lost.
 */
class RedisTroublesIT {

    private static final Set<String> REASONS = Set.of("personal", "timeout", "store_unavailable");
    private static final Duration BURST = Duration.ofSeconds(2);

    /** What nothing takes on a machine that is only busy. */
    private static final double PATIENCE_MILLIS = 20_000;

    @TempDir
    Path folder;

    private RedisProcess redis;
    private RedisProxy proxy;

    @BeforeEach
    void start() throws IOException {
        redis = RedisProcess.server(folder);
        proxy = new RedisProxy(redis.url());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        redis.close();
    }

    private TestService service(URI url, Duration deadline) throws IOException {
        return Setup.in(folder.resolve("data")).redis(url).deadline(deadline).start();
    }

    private static void warmUp(Caller caller) throws IOException {
        caller.store(new MadeUpCustomers().events("c", 0, 50));
        for (int i = 0; i < 200; i++) {
            caller.score("c-" + i % 50);
        }
    }

    private static Reply event(Caller caller, String id) {
        return caller.send(
                "POST",
                "/v1/events",
                "application/x-ndjson",
                BodyPublishers.ofString(MadeUpCustomers.event("shopper", id, "view", MadeUpCustomers.TIME)));
    }

    private static void assertRefused(Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(503);
        assertThat(reply.header("retry-after")).matches("\\d+");
    }

    private static void awaitPersonal(Caller caller, String customer) {
        RedisProcess.await(
                "a personal answer",
                () -> caller.score(customer).json().path("personalized").asBoolean());
    }

    private static Burst.Outcome burst(Caller caller) {
        Burst.Outcome burst = Burst.scores(caller, Burst.RATE, BURST, i -> "b-" + i);
        assertThat(burst.reasons().keySet()).isSubsetOf(withUnknown());
        assertThat(burst.millis(1)).isLessThan(PATIENCE_MILLIS);
        return burst;
    }

    /** Of the customers of a burst nothing is known, which is as good an answer as a personal one. */
    private static Set<String> withUnknown() {
        Set<String> reasons = new HashSet<>(REASONS);
        reasons.add("unknown_customer");
        return reasons;
    }

    @Test
    void redisThatLoadsItsFiles_isWaitedForWithFallbacks() throws IOException {
        try (TestService service = service(proxy.url(), Duration.ofSeconds(2));
                Caller caller = new Caller(service.url())) {
            warmUp(caller);
            proxy.load();

            Burst.Outcome burst = burst(caller);

            assertThat(burst.count("store_unavailable") + burst.count("timeout"))
                    .isEqualTo(burst.replies().size());
            assertRefused(event(caller, "refused"));
            assertThat(caller.get("/health/readiness").status()).isEqualTo(200);
            proxy.heal();
            long healed = System.nanoTime();
            awaitPersonal(caller, "c-49");
            String back = String.format("personal again after %d ms", (System.nanoTime() - healed) / 1_000_000);
            assertThat(event(caller, "taken").status()).isEqualTo(202);
            assertThat(ids(caller)).contains("taken").doesNotContain("refused");
            Reliability.note("14-loading", "Redis loads its files (`LOADING`)", burst, back);
        }
    }

    @Test
    void redisWithAnotherPassword_isTriedAgainWithFallbacks() throws IOException {
        try (RedisClient admin = RedisClient.create(redis.url())) {
            admin.sendCommand(() -> "CONFIG".getBytes(), "SET", "requirepass", "right");
            URI wrong = URI.create("redis://:wrong@127.0.0.1:" + redis.url().getPort());
            try (TestService service = service(wrong, Duration.ofSeconds(2));
                    Caller caller = new Caller(service.url())) {
                Burst.Outcome burst = burst(caller);

                assertThat(burst.count("store_unavailable") + burst.count("timeout"))
                        .isEqualTo(burst.replies().size());
                Reply refused = event(caller, "refused");
                assertRefused(refused);
                assertThat(refused.text()).doesNotContain("wrong");
                assertThat(caller.get("/health/readiness").status()).isEqualTo(200);
                admin.sendCommand(() -> "CONFIG".getBytes(), "SET", "requirepass", "wrong");
                RedisProcess.await(
                        "the event is taken", () -> event(caller, "taken").status() == 202);
                awaitPersonal(caller, "shopper");
                Reliability.note("15-password", "a wrong password", burst, "right again: used at once");
            }
        }
    }

    @Test
    void redisThatIsSlow_answersLateOrInTheDeadlineTheFallback() throws IOException {
        proxy.delay(Duration.ofMillis(200));
        // Long enough for two round trips on any machine, and then too short for one on any.
        try (TestService service = service(proxy.url(), Duration.ofSeconds(15));
                Caller caller = new Caller(service.url())) {
            caller.store(new MadeUpCustomers().events("c", 0, 50));
            assertThat(caller.score("c-1").json().path("personalized").asBoolean())
                    .isTrue();
            assertThat(event(caller, "taken").status()).isEqualTo(202);
        }
        try (TestService service = service(proxy.url(), Duration.ofMillis(100));
                Caller caller = new Caller(service.url())) {
            Burst.Outcome burst = burst(caller);

            assertThat(burst.count("personal") + burst.count("unknown_customer"))
                    .isZero();
            assertThat(burst.count("timeout")).isPositive();
            assertThat(event(caller, "taken too").status()).isEqualTo(202);
            proxy.heal();
            awaitPersonal(caller, "c-2");
            assertThat(ids(caller)).containsExactlyInAnyOrder("taken", "taken too");
            Reliability.note("16-slow", "Redis takes 200 ms for each command, the deadline is 100 ms", burst, "");
        }
    }

    @Test
    void connectionsThatBreak_costNoEventThatWasTaken() throws IOException {
        try (TestService service = service(proxy.url(), Duration.ofSeconds(2));
                Caller caller = new Caller(service.url())) {
            warmUp(caller);
            proxy.breakConnections(0.05);

            Burst.Outcome burst = burst(caller);
            List<String> taken = new ArrayList<>();
            int refused = 0;
            for (int i = 0; i < 200; i++) {
                Reply reply = event(caller, "e-" + i);
                if (reply.status() == 202) {
                    taken.add("e-" + i);
                } else {
                    assertRefused(reply);
                    refused++;
                }
            }

            proxy.heal();
            awaitPersonal(caller, "c-48");
            assertThat(ids(caller)).containsAll(taken).doesNotHaveDuplicates();
            assertThat(taken).isNotEmpty();
            Reliability.note(
                    "17-broken",
                    "one command in 20 breaks its connection",
                    burst,
                    taken.size() + " events taken, all there; " + refused + " refused with 503");
        }
    }

    private static List<String> ids(Caller caller) {
        return caller.get("/v1/customers/shopper").json().path("events").findValuesAsText("id");
    }
}
