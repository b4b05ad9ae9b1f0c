package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scorecast.server.Caller.Reply;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import io.scorecast.server.store.RedisProcess;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/** Customers and events that are far from what is usual. */
class PoisonIT {

    private static final int MOST_EVENTS = 20_000;
    private static final int MOST_BYTES = 2 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static final SteppedClock CLOCK = new SteppedClock(MadeUpCustomers.TIME);
    private static RedisProcess redis;
    private static TestService service;
    private static Caller caller;

    @BeforeAll
    static void start() throws IOException {
        redis = RedisProcess.server(folder);
        service = Setup.in(folder.resolve("data"))
                .redis(redis.url())
                .clock(CLOCK)
                .deadline(Duration.ofSeconds(30))
                .start();
        caller = new Caller(service.url());
        caller.store(new MadeUpCustomers().events("c", 0, 10));
    }

    @AfterAll
    static void stop() {
        caller.close();
        service.close();
        redis.close();
    }

    private static JsonNode score(String customer) {
        Reply reply = caller.score(customer);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    @Test
    void aMillionEventsOfOne_areCutToTheLimitAndScored() {
        int million = 1_000_000;
        int together = 50_000;
        long start = System.nanoTime();
        for (int from = 0; from < million; from += together) {
            StringBuilder lines = new StringBuilder();
            for (int i = from; i < from + together; i++) {
                lines.append("{\"id\": \"")
                        .append(i)
                        .append("\", \"customer_id\": \"robot\", \"type\": \"view\", \"time\": ")
                        .append(MadeUpCustomers.TIME.toEpochMilli() - million + i)
                        .append("}\n");
            }
            caller.store(lines.toString());
            assertThat(score("c-1").path("personalized").asBoolean()).isTrue();
        }
        double seconds = (System.nanoTime() - start) / 1e9;

        RedisProcess.await(
                "it is cut", () -> score("robot").path("profile_events").asInt() <= MOST_EVENTS);
        JsonNode profile = caller.get("/v1/customers/robot").json();
        assertThat(profile.path("events").size()).isBetween(MOST_EVENTS / 2, MOST_EVENTS);
        assertThat(profile.path("events").findValuesAsText("id")).contains("999999");
        assertThat(profile.path("dropped_events").asInt()).isGreaterThan(million - 2 * MOST_EVENTS);
        assertThat(score("robot").path("personalized").asBoolean()).isTrue();
        long bytes = length("sc1:{robot}:p");
        assertThat(bytes).isLessThan(2L * MOST_BYTES);
        Reliability.note(
                "40-robot",
                "a customer with 1,000,000 events",
                String.format(
                        "taken in %.0f s beside the scores of others; %,d of them are kept, in %,d KB",
                        seconds, profile.path("events").size(), bytes / 1_000));
    }

    private static long length(String key) {
        try (RedisClient client = RedisClient.create(redis.url())) {
            return client.strlen(key);
        }
    }

    @Test
    void anEventWith64KilobytesOfAttributes_isKeptWhole() throws IOException {
        // A path, a text, and two bytes for either.
        String most = "x".repeat((64 << 10) - 2 - "note".length() - 2);
        Reply taken = send(attributes("big", most));
        assertThat(taken.status()).as(taken.text()).isEqualTo(202);
        assertThat(taken.json().path("accepted").asInt()).isEqualTo(1);
        Reply refused = send(attributes("bigger", most + "xxx"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("65536").contains("attributes");

        JsonNode events = caller.get("/v1/customers/heavy").json().path("events");
        assertThat(events.findValuesAsText("id")).containsExactly("big");
        assertThat(events.path(0).path("attributes").path("note").asText()).isEqualTo(most);
        assertThat(score("heavy").path("profile_events").asInt()).isEqualTo(1);
        for (int i = 0; i < 100; i++) {
            assertThat(send(attributes("more-" + i, most)).status()).isEqualTo(202);
        }
        RedisProcess.await("it is within its limit", () -> length("sc1:{heavy}:p") <= 2L * MOST_BYTES);
        assertThat(score("heavy").path("personalized").asBoolean()).isTrue();
        Reliability.note("41-heavy", "100 events with 64 KB of attributes each", "taken; the oldest go over 2 MB");
    }

    private static Reply send(String event) {
        return caller.send("POST", "/v1/events", "application/json", BodyPublishers.ofString(event));
    }

    private static String attributes(String id, String note) {
        var event = JSON.createObjectNode()
                .put("id", id)
                .put("customer_id", "heavy")
                .put("type", "purchase")
                .put("time", MadeUpCustomers.TIME.minusSeconds(60).toString());
        event.putObject("attributes").put("note", note);
        return event.toString();
    }

    @Test
    void anEventFromTheFuture_isKeptAndSeenWhenItsTimeComes() {
        Instant now = CLOCK.instant();
        Duration ahead = Duration.ofHours(3);
        caller.store(MadeUpCustomers.event("early", "now", "view", now.minusSeconds(1)));
        assertThat(score("early").path("profile_events").asInt()).isEqualTo(1);

        caller.store(MadeUpCustomers.event("early", "later", "purchase", now.plus(ahead)));
        caller.store(MadeUpCustomers.event("early", "nearly", "view", now.plusSeconds(120)));
        Reply refused = send(MadeUpCustomers.event("early", "far", "view", now.plus(Duration.ofDays(2))));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("ahead");

        // A clock that is two minutes fast is forgiven: that event counts from its arrival.
        assertThat(score("early").path("profile_events").asInt()).isEqualTo(2);
        CLOCK.advance(ahead.minusMillis(1));
        assertThat(score("early").path("profile_events").asInt()).isEqualTo(2);
        CLOCK.advance(Duration.ofMillis(1));
        // Nobody wrote, and the answer before was cached: time alone turns it.
        assertThat(score("early").path("profile_events").asInt()).isEqualTo(3);
        Reliability.note(
                "42-future",
                "an event three hours ahead of its time",
                "kept, and seen to the millisecond when it comes");
    }
}
