package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scorecast.server.Caller.Reply;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import io.scorecast.server.store.RedisProcess;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must not be stored is not, and what has been stored for long enough goes: as callers see it. */
class RetentionServiceIT {

    private static final Instant OLD = Instant.now().minus(Duration.ofDays(40));

    @TempDir
    static Path folder;

    private static RedisProcess redis;
    private static TestService service;
    private static Caller caller;

    @BeforeAll
    static void start() throws IOException {
        redis = RedisProcess.server(folder);
        try (TestService before =
                        Setup.in(folder.resolve("1")).redis(redis.url()).start();
                Caller sender = new Caller(before.url())) {
            sender.store(MadeUpCustomers.event("old", "1", "view", OLD)
                    + MadeUpCustomers.event("new", "1", "view", Instant.now())
                    + MadeUpCustomers.event("objector", "1", "view", OLD)
                    + MadeUpCustomers.objection("objector", OLD));
        }
        service = Setup.in(folder.resolve("2"))
                .redis(redis.url())
                .retention(Duration.ofDays(30))
                .attributesAllowed("loyalty", "size")
                .start();
        caller = new Caller(service.url());
    }

    @AfterAll
    static void stop() {
        caller.close();
        service.close();
        redis.close();
    }

    private static JsonNode profile(String customer) {
        return caller.get("/v1/customers/" + customer).json();
    }

    @Test
    void oldProfiles_goWithinTheFirstWalk() {
        RedisProcess.await("the first walk", () -> caller.metric("scorecast_profiles_expired_total") == 2);
        assertThat(profile("old").path("events")).isEmpty();
        assertThat(caller.score("old").json().path("reason").asText()).isEqualTo("unknown_customer");
        assertThat(profile("new").path("events")).hasSize(1);
        assertThat(profile("objector").path("events").findValuesAsText("type")).containsExactly("consent");
        assertThat(caller.score("objector").json().path("reason").asText()).isEqualTo("opted_out");
        RedisProcess.await("the record", () -> caller.get("/v1/audit").text().contains("customers.expired"));
    }

    @Test
    void attributesThatAreNotAllowed_areLeftOutWithAWarningForEach() {
        Reply reply = caller.send(
                "POST",
                "/v1/events",
                "application/x-ndjson",
                BodyPublishers.ofString(event("a-1", "{\"size\": 4}")
                        + event("a-2", "{\"loyalty\": {\"tier\": \"gold\"}, \"email\": \"x@y\"}")));

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.json().path("accepted").asInt()).isEqualTo(2);
        assertThat(reply.json().path("rejected").asInt()).isZero();
        assertThat(reply.json().path("errors")).isEmpty();
        assertThat(reply.json().path("warnings")).hasSize(1);
        JsonNode warning = reply.json().path("warnings").path(0);
        assertThat(warning.path("index").asInt()).isEqualTo(1);
        assertThat(warning.path("field").asText()).isEqualTo("attributes.email");
        assertThat(warning.path("detail").asText()).contains("left out").doesNotContain("x@y");
        assertThat(profile("shopper").path("events").toString())
                .contains("gold", "size")
                .doesNotContain("x@y");
    }

    private static String event(String id, String attributes) {
        return "{\"id\": \"" + id
                + "\", \"customer_id\": \"shopper\", \"type\": \"purchase\", \"value\": 3, \"time\": \"" + Instant.now()
                + "\", \"attributes\": " + attributes + "}\n";
    }

    @Test
    void load_leavesThemOutTooAndNamesTheLine() throws IOException {
        Path file = Files.writeString(
                folder.resolve("events.ndjson"),
                event("l-1", "{\"size\": 5}").replace("shopper", "loaded")
                        + event("l-2", "{\"email\": \"x@y\", \"phone\": 3}").replace("shopper", "loaded"));

        TestService.Ran done =
                TestService.command("load", file, "--redis-url", redis.url(), "--attributes-allowed", "size,loyalty");

        assertThat(done.code()).as(done.err()).isZero();
        assertThat(done.out()).startsWith("2 events loaded");
        assertThat(done.err())
                .contains("events.ndjson: line 2: attributes.email was left out", "line 2: attributes.phone was left")
                .contains("2 attributes were left out")
                .doesNotContain("x@y");
        assertThat(profile("loaded").path("events")).hasSize(2);
        assertThat(profile("loaded").toString()).contains("size").doesNotContain("x@y");
    }
}
