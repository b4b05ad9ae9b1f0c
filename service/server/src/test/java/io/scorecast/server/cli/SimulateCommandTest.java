package io.scorecast.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scorecast.server.store.EmbeddedRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./scorecast simulate}: six customers, the shipped models, and changes to the shipped policy. */
class SimulateCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SHIPPED = TestService.SHIPPED_MODELS.resolve("policy/1/policy.yaml");

    @TempDir
    private Path folder;

    private Path events;

    /** One bought yesterday, one ten days ago, four very long ago; one of these objects. */
    @BeforeEach
    void write() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(event("new", "purchase", "2026-05-31T10:00:00Z", ""));
        lines.add(event("newer", "purchase", "2026-05-22T10:00:00Z", ""));
        for (int i = 0; i < 4; i++) {
            lines.add(event("old-" + i, "purchase", "2025-01-0" + (i + 1) + "T10:00:00Z", ""));
        }
        lines.add(event("old-3", "consent", "2026-01-01T10:00:00Z", ", \"attributes\": {\"profiling\": false}"));
        events = Files.write(folder.resolve("events.ndjson"), lines);
    }

    private static String event(String customer, String type, String time, String more) {
        return "{\"id\": \"" + customer + type + "\", \"customer_id\": \"" + customer + "\", \"type\": \"" + type
                + "\", \"time\": \"" + time + "\""
                + (type.equals("purchase") ? ", \"value\": 9, \"order_id\": \"o\"" : "")
                + more + "}";
    }

    private Path policy(String from, String to) throws IOException {
        String text = Files.readString(SHIPPED);
        assertThat(text).contains(from);
        return Files.writeString(folder.resolve("draft.yaml"), text.replace(from, to));
    }

    private Commands.Done simulate(Path policy, Object... more) {
        List<Object> words = new ArrayList<>(List.of(
                "simulate",
                "--models",
                TestService.SHIPPED_MODELS,
                "--policy",
                policy,
                "--at",
                "2026-06-01T12:00:00Z"));
        words.addAll(List.of(more));
        return Commands.run(words.toArray());
    }

    private static JsonNode named(JsonNode list, String name) {
        for (JsonNode one : list) {
            if (one.path("name").asText().equals(name)) {
                return one;
            }
        }
        throw new AssertionError(name);
    }

    @Test
    void changedPolicy_movesCustomers_overFilesAndOverRedisAlike() throws Exception {
        Path changed = policy("days_as_customer < 30}", "days_as_customer < 5}");
        Commands.Done done = simulate(changed, "--events", events, "--json");
        assertThat(done.code()).as(done.err()).isZero();
        JsonNode found = JSON.readTree(done.out());
        assertThat(found.path("customers").asInt()).isEqualTo(5);
        assertThat(found.path("opted_out").asInt()).isEqualTo(1);
        assertThat(named(found.path("segments"), "new").path("now").asInt()).isEqualTo(2);
        assertThat(named(found.path("segments"), "new").path("then").asInt()).isEqualTo(1);
        assertThat(named(found.path("segments"), "lapsed").path("then").asInt()).isEqualTo(3);
        assertThat(found.path("segment_moves")).hasSize(1);
        assertThat(found.path("segment_moves").path(0).path("from").asText()).isEqualTo("new");
        assertThat(found.path("segment_moves").path(0).path("customers").asInt())
                .isEqualTo(1);
        assertThat(named(found.path("decisions"), "welcome").path("then").asInt())
                .isEqualTo(1);
        assertThat(found.path("no_difference").findValuesAsText("rule"))
                .contains("segment abandoned-cart", "decision finish-your-cart", "score engagement, opens_60d >= 1")
                .doesNotContain("segment new", "segment lapsed", "decision welcome");
        long overlapping = 0;
        for (JsonNode overlap : found.path("overlaps")) {
            // Everybody is in one group by value and in at most one by stage.
            assertThat(overlap.path("one").asText()).startsWith("value-");
            assertThat(overlap.path("other").asText()).doesNotStartWith("value-");
            overlapping += overlap.path("both").asLong();
        }
        assertThat(overlapping).isEqualTo(4);

        try (EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"))) {
            assertThat(Commands.run("load", events, "--redis-url", redis.url()).code())
                    .isZero();
            Commands.Done live = simulate(changed, "--live", "--redis-url", redis.url(), "--json");
            assertThat(live.code()).as(live.err()).isZero();
            assertThat(JSON.readTree(live.out())).isEqualTo(found);
        }
    }

    @Test
    void report_saysItInWords_andOfTheSamePolicyThatNobodyMoves() {
        Commands.Done done = simulate(SHIPPED, "--events", events);
        assertThat(done.code()).as(done.err()).isZero();
        assertThat(done.out())
                .startsWith("5 customers as of 2026-06-01T12:00:00Z; 1 opted out, 0 without an event then")
                .containsPattern("\n  lapsed +3 +3 +\\+0\n")
                .contains("\nmove from segment to segment: none\n")
                .contains("\nmove from decision to decision: none\n")
                .contains("\n  segment abandoned-cart: nobody is in it\n");
    }

    @Test
    void mistakes_areSaid() throws IOException {
        Commands.Done wrong = simulate(policy("orders_90d >= 12", "orders_90dd >= 12"), "--events", events);
        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.err()).contains("policy.yaml:").contains("orders_90d");
        assertThat(simulate(SHIPPED).code()).isEqualTo(2);
        assertThat(simulate(folder.resolve("none.yaml"), "--events", events).err())
                .contains("none.yaml: no such file")
                .hasLineCount(1);
    }
}
