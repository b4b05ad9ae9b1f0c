package io.scorecast.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.profile.LoggedEvent;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.server.store.EmbeddedRedis;
import io.scorecast.server.store.RedisClients;
import io.scorecast.server.store.RedisStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./scorecast unload} from a real Redis, and what came of it loaded into another. */
class UnloadCommandTest {

    private static final String RICH =
            "{\"id\":\"r1\",\"customer_id\":\"rich\",\"type\":\"purchase\",\"time\":\"2026-05-01T10:00:00.123Z\","
                    + "\"product_id\":\"p \\\"9\\\"\",\"category\":\"a/b\",\"value\":-3.495,\"quantity\":0.5,\"order_id\":\"o\","
                    + "\"session_id\":\"s\",\"attributes\":{\"deep\":{\"list\":[\"x\",\"y\"],\"on\":true,\"n\":1.25}},"
                    + "\"source\":\"shop\",\"arrival\":\"2026-05-02T11:00:00Z\"}";

    @TempDir
    private Path folder;

    private EmbeddedRedis redis;
    private RedisStore store;

    @BeforeEach
    void start() throws IOException {
        redis = EmbeddedRedis.start(folder.resolve("redis"));
        store = RedisClients.open(redis.url());
        List<String> lines = new ArrayList<>(List.of(
                RICH,
                event("r2", "rich", "view", "2026-05-03T10:00:00Z", ""),
                event("r2", "rich", "view", "2026-05-03T10:00:00Z", ""),
                event("o1", "objects", "view", "2026-05-01T10:00:00Z", ""),
                event("o2", "objects", "consent", "2026-05-02T10:00:00Z", "{\"profiling\":false}"),
                event("p1", "permits", "consent", "2026-05-02T10:00:00Z", "{\"profiling\":true}"),
                event("f1", "forgotten", "view", "2026-05-01T10:00:00Z", "")));
        for (int i = 0; i < 1_200; i++) {
            lines.add(event("m" + i, "many-" + i, "view", "2026-05-01T10:00:00Z", ""));
        }
        load(lines, redis);
        store.erase(
                List.of(CustomerId.of("forgotten")),
                Instant.parse("2026-05-20T00:00:00Z").toEpochMilli());
        load(
                List.of(
                        event("f1", "forgotten", "view", "2026-05-01T10:00:00Z", ""),
                        event("f2", "forgotten", "view", "2026-05-21T10:00:00Z", "")),
                redis);
    }

    @AfterEach
    void stop() {
        store.close();
        redis.close();
    }

    private static String event(String id, String customer, String type, String time, String attributes) {
        return "{\"id\":\"" + id + "\",\"customer_id\":\"" + customer + "\",\"type\":\"" + type + "\",\"time\":\""
                + time + "\"" + (attributes.isEmpty() ? "" : ",\"attributes\":" + attributes) + "}";
    }

    private void load(List<String> lines, EmbeddedRedis into) throws IOException {
        Path file = Files.write(folder.resolve("in.ndjson"), lines);
        assertThat(Commands.run("load", file, "--redis-url", into.url()).code()).isZero();
    }

    private Commands.Done unload(Path out, Object... more) {
        List<Object> words = new ArrayList<>(List.of("unload", "--out", out, "--redis-url", redis.url()));
        words.addAll(List.of(more));
        return Commands.run(words.toArray());
    }

    private static List<LoggedEvent> events(RedisStore of, String customer) {
        CustomerId id = CustomerId.of(customer);
        byte[] log = of.read(List.of(id)).getFirst().bytes();
        return ProfileLog.events(id, log, 0, log.length);
    }

    @Test
    void unload_storeOfManyPages_loadsToTheSameLogsElsewhere() throws IOException {
        Path out = folder.resolve("out.ndjson.gz");
        Commands.Done done = unload(out);
        assertThat(done.code()).as(done.err()).isZero();
        assertThat(done.out()).isEqualTo("1,205 events of 1,203 customers written; 1 customers left out\n");
        assertThat(folder.resolve("out.ndjson.gz.part")).doesNotExist();
        try (EmbeddedRedis other = EmbeddedRedis.start(folder.resolve("other"));
                RedisStore copy = RedisClients.open(other.url())) {
            assertThat(Commands.run("load", out, "--redis-url", other.url()).code())
                    .isZero();
            assertThat(events(copy, "rich")).isEqualTo(events(store, "rich")).hasSize(3);
            assertThat(events(copy, "rich").getFirst().arrival())
                    .isEqualTo(Instant.parse("2026-05-02T11:00:00Z").toEpochMilli());
            assertThat(events(copy, "many-1199")).hasSize(1);
            assertThat(events(copy, "objects")).isEmpty();
            assertThat(events(copy, "forgotten"))
                    .singleElement()
                    .satisfies(event -> assertThat(event.event().id().value()).isEqualTo("f2"));
        }
    }

    @Test
    void unload_withConsentRequired_writesThoseWhoPermit() throws IOException {
        Path out = folder.resolve("out.ndjson");
        assertThat(unload(out, "--consent-required").out())
                .isEqualTo("1 events of 1 customers written; 1,203 customers left out\n");
        assertThat(Files.readAllLines(out)).singleElement().asString().contains("\"permits\"");
    }

    @Test
    void unload_everybody_writesThoseWhoObjectToo() throws IOException {
        Path out = folder.resolve("all.ndjson.gz");
        assertThat(unload(out, "--everybody").out()).contains("; 0 customers left out");
        try (InputStream zipped = new GZIPInputStream(Files.newInputStream(out))) {
            assertThat(new String(zipped.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("\"objects\"");
        }
    }

    @Test
    void unload_otherFormat_isWrongUse() {
        Commands.Done done = unload(folder.resolve("out.csv"));
        assertThat(done.code()).isEqualTo(2);
        assertThat(done.err()).contains("--out must end in .ndjson or .ndjson.gz, not 'out.csv'");
    }
}
