package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.server.Caller.Reply;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Heavy customers and large batches do not make the others wait, and get the same answers. */
class LanesIT {

    private static final int LONG_EVENTS = 15_000;
    private static final int ORDINARY = 200;

    @TempDir
    static Path folder;

    private static TestService service;
    private static Caller caller;

    @BeforeAll
    static void start() throws IOException {
        MadeUpCustomers customers = new MadeUpCustomers();
        service = Setup.in(folder).deadline(Duration.ofSeconds(20)).start();
        caller = new Caller(service.url());
        caller.store(customers.events("c", 0, ORDINARY));
        for (int c = 0; c < 3; c++) {
            StringBuilder events = new StringBuilder(customers.events("long-" + c, c));
            for (int i = 0; i < LONG_EVENTS; i++) {
                events.append(
                        MadeUpCustomers.event("long-" + c, "v-" + i, "view", MadeUpCustomers.TIME.minusSeconds(i)));
            }
            caller.store(events.toString());
        }
    }

    @AfterAll
    static void stop() {
        caller.close();
        service.close();
    }

    @Test
    void veryLongLogs_areScoredBesideTheOthers() {
        List<CompletableFuture<Reply>> asked = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            asked.add(caller.scoreLater("long-" + i % 3 + "?at=" + MadeUpCustomers.TIME.plusSeconds(i)));
            asked.add(caller.scoreLater("c-" + i));
        }
        List<Reply> replies = asked.stream().map(CompletableFuture::join).toList();
        assertThat(replies).allMatch(r -> r.json().path("personalized").asBoolean());
        for (int i = 0; i < replies.size(); i += 2) {
            assertThat(replies.get(i).json().path("profile_events").asInt()).isGreaterThanOrEqualTo(LONG_EVENTS);
        }
        Reply alone = caller.score("long-0");
        assertThat(alone.header("scorecast-cache")).isEqualTo("none");
        assertThat(caller.score("long-0").text()).isEqualTo(alone.text());
    }

    @Test
    void batchOfAThousand_equalsSingleAnswersAndLetsSingleRequestsPass() {
        StringBuilder body = new StringBuilder("{\"customer_ids\": [");
        for (int i = 0; i < 1_000; i++) {
            body.append(i == 0 ? "" : ", ").append("\"c-").append(i % 500).append('"');
        }
        CompletableFuture<Reply> batch = caller.postLater("/v1/scores/batch", body + "]}");
        for (int i = 0; i < 20; i++) {
            assertThat(caller.score("c-" + i).json().path("personalized").asBoolean())
                    .isTrue();
        }
        Reply reply = batch.join();
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("results")).hasSize(1_000);
        for (int i = 0; i < 1_000; i++) {
            assertThat(reply.json().path("results").get(i).path("customer_id").asText())
                    .isEqualTo("c-" + i % 500);
            assertThat(reply.json().path("results").get(i).path("personalized").asBoolean())
                    .isEqualTo(i % 500 < ORDINARY);
            assertThat(reply.json().path("results").get(i).path("reason").asText())
                    .isEqualTo(i % 500 < ORDINARY ? "" : "unknown_customer");
        }
    }
}
