package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scorecast.server.Caller.Reply;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import io.scorecast.server.store.EmbeddedRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances before one Redis, by one clock that stands still: what the caches may serve, where and until when. */
class CacheIT {

    private static final Instant START = MadeUpCustomers.TIME;
    private static final String KEPT = "scorecast_stage_seconds_count{stage=\"keep\"}";

    @TempDir
    static Path folder;

    private static final SteppedClock CLOCK = new SteppedClock(START);
    private static EmbeddedRedis redis;
    private static TestService first;
    private static TestService second;
    private static Caller one;
    private static Caller other;
    private static MadeUpCustomers customers;

    @BeforeAll
    static void start() throws IOException {
        customers = new MadeUpCustomers();
        redis = EmbeddedRedis.start(folder.resolve("redis"));
        Setup setup = Setup.in(folder).redis(redis.url()).clock(CLOCK).deadline(Duration.ofSeconds(10));
        first = setup.start();
        second = setup.start();
        one = new Caller(first.url());
        other = new Caller(second.url());
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
        first.close();
        second.close();
        redis.close();
    }

    @Test
    void body_isTheSameBytesWhereverItComesFrom() throws InterruptedException {
        one.store(customers.events("same", 3));
        Reply computed = scoreUntilKept("same");
        Reply near = one.score("same");
        Reply stored = other.score("same");
        Reply nearThere = other.score("same");
        Thread.sleep(1_100); // longer than an answer is served unasked: the proof is renewed
        Reply renewed = one.score("same");
        List<Reply> replies = List.of(computed, near, stored, nearThere, renewed);
        assertThat(replies)
                .extracting(r -> r.header("scorecast-cache"))
                .containsExactly("none", "near", "redis", "near", "near");
        assertThat(replies).extracting(Reply::text).containsOnly(computed.text());
        assertThat(replies).extracting(r -> r.header("etag")).containsOnly(computed.header("etag"));
        assertThat(replies).extracting(r -> r.header("cache-control")).containsOnly("private, no-cache");
    }

    /** An answer is kept after it has left: waits until it is. */
    private static Reply scoreUntilKept(String customer) throws InterruptedException {
        double before = one.metric(KEPT);
        Reply reply = one.score(customer);
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (one.metric(KEPT) == before) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(5);
        }
        return reply;
    }

    @Test
    void writeAtOneInstance_isSeenByTheOtherWithinASecond() throws InterruptedException {
        one.store(customers.events("moved", 4));
        int events = other.score("moved").json().path("profile_events").asInt();
        other.score("moved");
        one.store(MadeUpCustomers.event("moved", "late", "view", START.minusSeconds(5)));
        Thread.sleep(1_000);
        Reply reply = other.score("moved");
        assertThat(reply.json().path("profile_events").asInt()).isEqualTo(events + 1);
    }

    /** The instance that is overtaken by another's answer to the same log serves that one's bytes. */
    @Test
    void answerOfTheOtherInstance_replacesTheOwnOldOne() throws InterruptedException {
        one.store(customers.events("overtaken", 5));
        other.score("overtaken");
        one.store(MadeUpCustomers.event("overtaken", "late", "view", START.minusSeconds(5)));
        Reply theirs = scoreUntilKept("overtaken");
        Thread.sleep(1_000);
        CLOCK.advance(Duration.ofSeconds(1));
        Reply own = other.score("overtaken");
        assertThat(own.header("scorecast-cache")).isEqualTo("redis");
        assertThat(own.text()).isEqualTo(theirs.text());
        assertThat(own.header("age")).isEqualTo("1");
    }

    /** Spend of 14 days is a feature of a shipped model: at the very millisecond the purchase leaves its window. */
    @Test
    void eventThatLeavesAWindow_endsTheAnswerAtThatInstant() {
        Instant now = CLOCK.instant();
        Instant turn = now.plusSeconds(10);
        one.store(purchase("turning", turn.minus(Duration.ofDays(14))));
        Reply before = one.score("turning");
        CLOCK.set(turn.minusMillis(1));
        Reply last = one.score("turning");
        assertThat(last.header("scorecast-cache")).isEqualTo("near");
        assertThat(last.text()).isEqualTo(before.text());
        assertThat(last.header("age")).isEqualTo("9");
        CLOCK.set(turn);
        Reply after = one.score("turning");
        assertThat(after.header("scorecast-cache")).isEqualTo("none");
        assertThat(after.json().path("as_of").asText()).isEqualTo(turn.toString());
        assertThat(after.json())
                .isEqualTo(one.get("/v1/scores/turning?at=" + turn).json());
        assertThat(scores(after)).isNotEqualTo(scores(before));
        Reply there = other.score("turning");
        assertThat(there.json().path("as_of").asText()).isEqualTo(turn.toString());
    }

    /** What callers may keep by a setting ends with the answer's own time, and what is not personal is not kept. */
    @Test
    void cacheMaxAge_isToldUntilTheAnswerMayBeWrong() throws IOException {
        Setup setup = Setup.in(folder.resolve("told")).redis(redis.url()).clock(CLOCK);
        try (TestService telling = setup.deadline(Duration.ofSeconds(10))
                        .cacheMaxAge(Duration.ofSeconds(60))
                        .start();
                Caller caller = new Caller(telling.url())) {
            Instant turn = CLOCK.instant().plusSeconds(90);
            caller.store(purchase("told", turn.minus(Duration.ofDays(14))));
            assertThat(caller.score("told").header("cache-control")).isEqualTo("private, max-age=60");
            CLOCK.set(turn.minusMillis(20_500));
            Reply later = caller.score("told");
            assertThat(later.header("cache-control")).isEqualTo("private, max-age=20");
            Reply unchanged =
                    caller.send(caller.request("/v1/scores/told").header("If-None-Match", later.header("etag")));
            assertThat(unchanged.status()).isEqualTo(304);
            assertThat(unchanged.header("cache-control")).isEqualTo("private, max-age=20");
            assertThat(caller.get("/v1/scores/told?format=text&field=decision").header("cache-control"))
                    .isEqualTo("private, max-age=20");
            CLOCK.set(turn.minusMillis(500));
            assertThat(caller.score("told").header("cache-control")).isEqualTo("private, no-cache");
            assertThat(caller.score("nobody").header("cache-control")).isEqualTo("no-store");
        }
    }

    @Test
    void answer_agesOutAfterAQuarterOfAnHour() {
        one.store(customers.events("ageing", 8));
        Reply before = one.score("ageing");
        long turn = 0;
        Reply reply = before;
        List<String> ages = new ArrayList<>();
        while (reply.text().equals(before.text()) && turn < 1_000) {
            ages.add(reply.header("age"));
            CLOCK.advance(Duration.ofSeconds(1));
            turn++;
            reply = one.score("ageing");
        }
        assertThat(turn).isLessThanOrEqualTo(900);
        assertThat(ages.getFirst()).isEqualTo("0");
        assertThat(ages.getLast()).isEqualTo(Long.toString(turn - 1));
        assertThat(reply.header("scorecast-cache")).isEqualTo("none");
        assertThat(reply.header("age")).isEqualTo("0");
    }

    @Test
    void notPersonal_isNotKept() {
        Reply unknown = one.score("nobody");
        assertThat(unknown.json().path("reason").asText()).isEqualTo("unknown_customer");
        assertThat(unknown.header("cache-control")).isEqualTo("no-store");
        one.store(customers.events("objects", 6) + MadeUpCustomers.objection("objects", START.minusSeconds(1)));
        for (int i = 0; i < 3; i++) {
            Reply optedOut = one.score("objects");
            assertThat(optedOut.json().path("reason").asText()).isEqualTo("opted_out");
            assertThat(optedOut.header("cache-control")).isEqualTo("no-store");
            assertThat(optedOut.header("scorecast-cache")).isEqualTo("none");
        }
    }

    private static String purchase(String customer, Instant time) {
        return "{\"id\":\"p\",\"customer_id\":\"" + customer + "\",\"type\":\"purchase\",\"time\":\"" + time
                + "\",\"product_id\":\"p-1\",\"category\":\"grocery/fluid-milk-products/fluid-milk-white-only\","
                + "\"value\":30.5,\"quantity\":1,\"order_id\":\"o\"}\n";
    }

    private static JsonNode scores(Reply reply) {
        ObjectNode scores = (ObjectNode) reply.json();
        scores.remove("as_of");
        return scores;
    }
}
