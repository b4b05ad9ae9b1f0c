package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
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

/** The two lists of the shipped ranker, as a caller sees them. */
class RankedListsIT {

    private static final String MILK = "grocery/fluid-milk-products/fluid-milk-white-only";
    private static final String BANANAS = "produce/tropical-fruit/bananas";

    @TempDir
    static Path folder;

    private static TestService service;
    private static Caller caller;

    @BeforeAll
    static void start() throws IOException {
        service = Setup.in(folder).deadline(Duration.ofSeconds(20)).start();
        caller = new Caller(service.url());
        StringBuilder events = new StringBuilder();
        Instant now = Instant.now();
        for (int order = 1; order <= 6; order++) {
            Instant time = now.minus(Duration.ofDays(7L * order));
            events.append(purchase(order + "-milk", MILK, order, time));
            if (order % 2 == 0) {
                events.append(purchase(order + "-bananas", BANANAS, order, time));
            }
        }
        caller.store(events.toString());
    }

    @AfterAll
    static void stop() {
        caller.close();
        service.close();
    }

    private static String purchase(String id, String category, int order, Instant time) {
        return """
                {"id":"%s","customer_id":"shopper","type":"purchase","time":"%s","category":"%s","order_id":"o-%d",\
                "value":2.5,"quantity":1}
                """.formatted(id, time, category, order);
    }

    private static List<String> ids(JsonNode answer, String list) {
        List<String> ids = new ArrayList<>();
        answer.path(list).forEach(item -> ids.add(item.path("id").asText()));
        return ids;
    }

    @Test
    void score_customer_hasBothListsAndTheirFlatFields() {
        JsonNode answer = caller.score("shopper").json();
        assertThat(answer.path("personalized").asBoolean()).isTrue();
        assertThat(answer.has("degraded")).isFalse();
        List<String> items = ids(answer, "items");
        assertThat(items).hasSize(10).startsWith(MILK).contains(BANANAS).doesNotHaveDuplicates();
        List<String> discover = ids(answer, "discover");
        assertThat(discover)
                .hasSize(10)
                .doesNotHaveDuplicates()
                .doesNotContain("grocery/fluid-milk-products", "produce/tropical-fruit");
        for (int place = 1; place <= 10; place++) {
            JsonNode item = answer.path("items").get(place - 1);
            JsonNode found = answer.path("discover").get(place - 1);
            assertThat(answer.path("item_" + place + "_id")).isEqualTo(item.path("id"));
            assertThat(answer.path("item_" + place + "_title")).isEqualTo(item.path("title"));
            assertThat(answer.path("discover_" + place + "_id")).isEqualTo(found.path("id"));
            assertThat(answer.path("discover_" + place + "_score")).isEqualTo(found.path("score"));
        }
        for (String list : List.of("items", "discover")) {
            List<Double> scores = new ArrayList<>();
            answer.path(list).forEach(item -> scores.add(item.path("score").doubleValue()));
            assertThat(scores).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        }
    }

    @Test
    void score_excluded_othersComeForward() {
        JsonNode plain = caller.score("shopper").json();
        String first = plain.path("discover_1_id").asText();
        JsonNode answer = caller.post("/v1/scores", """
                        {"customer_id": "shopper", "exclude": ["%s", "produce", "%s"]}
                        """.formatted(MILK, first)).json();
        assertThat(ids(answer, "items")).hasSize(10).doesNotContain(MILK).noneMatch(id -> id.startsWith("produce/"));
        assertThat(ids(answer, "discover"))
                .hasSize(10)
                .doesNotContain(first)
                .noneMatch(id -> id.startsWith("produce/"));
    }

    @Test
    void score_limit_shortensBothLists() {
        JsonNode answer = caller.get("/v1/scores/shopper?limit=2").json();
        assertThat(ids(answer, "items")).hasSize(2);
        assertThat(ids(answer, "discover")).hasSize(2);
        assertThat(answer.has("discover_2_id")).isTrue();
        assertThat(answer.has("discover_3_id")).isFalse();
    }

    @Test
    void score_unknownCustomer_getsPopularity() {
        JsonNode answer = caller.score("nobody").json();
        assertThat(answer.path("reason").asText()).isEqualTo("unknown_customer");
        for (String list : List.of("items", "discover")) {
            assertThat(ids(answer, list)).hasSize(10);
            assertThat(answer.path(list).get(0).has("score")).isFalse();
        }
        assertThat(answer.path("discover_1_id").asText())
                .isEqualTo(ids(answer, "discover").getFirst());
    }
}
