package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import io.scorecast.server.store.RedisProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/** With an id key, nobody finds a customer's id in Redis, and everything else works as without. */
class PseudonymIT {

    private static final String KEY = "an-id-key-of-32-characters-or-more";
    private static final String MARK = "Shopper4711";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void ids_areReadNowhereInRedisAndFoundAllTheSame() throws IOException {
        Path files = Files.createDirectories(folder.resolve("redis"));
        try (RedisProcess redis = RedisProcess.server(files, "--appendfsync", "always")) {
            work(redis);
            try (RedisClient client = RedisClient.create(redis.url())) {
                assertThat(client.keys("*"))
                        .filteredOn(key -> key.endsWith("}:p"))
                        .hasSize(12)
                        .noneMatch(key -> key.contains(MARK));
            }
            // All that Redis was ever told: its append-only file.
            String told = read(files);
            assertThat(told).contains("sc1:{").doesNotContain(MARK);
            lookWithoutTheKey(redis);
        }
    }

    private void work(RedisProcess redis) throws IOException {
        try (TestService service = Setup.in(folder.resolve("1"))
                        .redis(redis.url())
                        .idKey(KEY)
                        .deadline(PATIENCE)
                        .start();
                Caller caller = new Caller(service.url())) {
            caller.store(new MadeUpCustomers().events(MARK, 0, 12));
            JsonNode first = caller.score(MARK + "-1").json();
            assertThat(first.path("personalized").asBoolean()).isTrue();
            assertThat(caller.get("/v1/customers?limit=100").json().path("customers"))
                    .hasSize(12)
                    .allMatch(id -> id.asText().startsWith(MARK));
            String job = caller.post("/v1/audiences", "{\"customers\": {\"all\": true}}")
                    .json()
                    .path("id")
                    .asText();
            RedisProcess.await(
                    "the audience",
                    () -> caller.get("/v1/audiences/" + job)
                            .json()
                            .path("state")
                            .asText()
                            .equals("done"));
            assertThat(caller.get("/v1/audiences/" + job + "/parts/1").text().lines())
                    .hasSize(13);
            assertThat(caller.bare("DELETE", "/v1/customers/" + MARK + "-2").status())
                    .isEqualTo(200);
            assertThat(caller.score(MARK + "-2").json().path("reason").asText()).isEqualTo("unknown_customer");
            // What one instance has kept in Redis another serves, byte for byte.
            try (TestService other = Setup.in(folder.resolve("2"))
                            .redis(redis.url())
                            .idKey(KEY)
                            .deadline(PATIENCE)
                            .start();
                    Caller second = new Caller(other.url())) {
                RedisProcess.await("an answer from Redis", () -> {
                    Caller.Reply reply = second.score(MARK + "-1");
                    return reply.header("scorecast-cache").equals("near")
                            || (reply.header("scorecast-cache").equals("redis")
                                    && reply.json().equals(first));
                });
                assertThat(second.score(MARK + "-1").json()).isEqualTo(first);
            }
        }
    }

    private static String read(Path folder) throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return String.join("\n", texts);
    }

    /** Who has another key finds nobody, and breaks nothing. */
    private void lookWithoutTheKey(RedisProcess redis) throws IOException {
        for (Setup setup : List.of(Setup.in(folder.resolve("3")).idKey(KEY + "!"), Setup.in(folder.resolve("3")))) {
            try (TestService service =
                            setup.redis(redis.url()).deadline(PATIENCE).start();
                    Caller caller = new Caller(service.url())) {
                assertThat(caller.score(MARK + "-1").json().path("reason").asText())
                        .isEqualTo("unknown_customer");
                assertThat(caller.get("/v1/customers?limit=100").text()).doesNotContain(MARK);
            }
        }
    }

    @Test
    void idKey_thatIsShort_isRefused() {
        TestService.Ran ran =
                TestService.command("audit", "verify", "--redis-url", "redis://127.0.0.1:1", "--id-key", "short");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("32 characters").doesNotContain("short");
    }
}
