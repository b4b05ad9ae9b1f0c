package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where consent is required, nobody is scored who has not given it, by whatever way a score is asked for. */
class ConsentIT {

    private static final Instant START = MadeUpCustomers.TIME;

    @TempDir
    static Path folder;

    private static final SteppedClock CLOCK = new SteppedClock(START);
    private static TestService service;
    private static Caller caller;

    @BeforeAll
    static void start() throws IOException {
        service = Setup.in(folder)
                .clock(CLOCK)
                .deadline(Duration.ofSeconds(10))
                .consentRequired()
                .start();
        caller = new Caller(service.url());
    }

    @AfterAll
    static void stop() {
        caller.close();
        service.close();
    }

    @Test
    void profiling_isOptedOutUntilPermittedAndAgainOnceWithdrawn() {
        caller.store(view("c"));
        assertOptedOut(caller.score("c").json());
        caller.store(MadeUpCustomers.consent("c", "mail", "email", true, START.minusSeconds(50)));
        assertOptedOut(caller.score("c").json());

        caller.store(MadeUpCustomers.consent("c", "yes", "profiling", true, START.minusSeconds(30)));
        assertThat(caller.score("c").json().path("personalized").asBoolean()).isTrue();
        assertThat(caller.get("/v1/scores/c?at=" + START.minusSeconds(40))
                        .json()
                        .path("personalized")
                        .asBoolean())
                .as("what counts is the permission that is held now")
                .isTrue();

        caller.store(MadeUpCustomers.consent("c", "no", "profiling", false, START.minusSeconds(10)));
        assertOptedOut(caller.score("c").json());
        assertOptedOut(caller.get("/v1/scores/c?at=" + START.minusSeconds(20)).json());
    }

    @Test
    void everyWayOfAsking_looksAtConsent() {
        caller.store(view("silent"));
        caller.store(
                view("willing") + MadeUpCustomers.consent("willing", "yes", "profiling", true, START.minusSeconds(30)));

        JsonNode batch = caller.post("/v1/scores/batch", "{\"customer_ids\": [\"silent\", \"willing\"]}")
                .json()
                .path("results");
        assertOptedOut(batch.path(0));
        assertThat(batch.path(1).path("personalized").asBoolean()).isTrue();

        String view = MadeUpCustomers.event("silent", "v", "view", START.minusSeconds(5));
        assertOptedOut(caller.post("/v1/scores", "{\"customer_id\": \"silent\", \"events\": [" + view + "]}")
                .json());
        String stranger = MadeUpCustomers.event("stranger", "v", "view", START.minusSeconds(5));
        assertOptedOut(caller.post("/v1/scores", "{\"customer_id\": \"stranger\", \"events\": [" + stranger + "]}")
                .json());
        assertThat(caller.score("nobody").json().path("reason").asText()).isEqualTo("unknown_customer");

        JsonNode features =
                caller.get("/v1/customers/silent/features?model=clv").json();
        assertThat(features.path("reason").asText()).isEqualTo("opted_out");
        assertThat(features.path("features").isEmpty()).isTrue();
        assertThat(caller.get("/v1/customers/willing/features?model=clv")
                        .json()
                        .path("features")
                        .isEmpty())
                .isFalse();
    }

    private static String view(String customer) {
        return MadeUpCustomers.event(customer, "first", "view", START.minus(Duration.ofDays(3)));
    }

    private static void assertOptedOut(JsonNode answer) {
        assertThat(answer.path("personalized").asBoolean()).isFalse();
        assertThat(answer.path("reason").asText()).isEqualTo("opted_out");
    }
}
