package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scorecast.server.Caller.Reply;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of a service and a second instance beside it, made and revoked by the commands while both run. */
class KeysIT {

    /** What takes a moment; on a machine that does much else, longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    @TempDir
    static Path otherFolder;

    private static TestService service;
    private static TestService other;
    private static Caller caller;
    private static Caller otherCaller;
    private static String admin;

    @BeforeAll
    static void start() throws IOException {
        service = Setup.in(folder).deadline(Duration.ofSeconds(20)).start();
        caller = new Caller(service.url());
        caller.store(new MadeUpCustomers().events("c", 0, 5));
        assertThat(caller.get("/v1/audit").status()).isEqualTo(200);
        other = Setup.in(otherFolder)
                .redis(service.redis())
                .deadline(Duration.ofSeconds(20))
                .start();
        otherCaller = new Caller(other.url());
        // The first key turns keys on, on loopback too.
        admin = key("admin", "the-admin");
        within(() -> caller.get("/v1/models").status() == 401);
        within(() -> otherCaller.get("/v1/models").status() == 401);
    }

    @AfterAll
    static void stop() {
        otherCaller.close();
        caller.close();
        other.close();
        service.close();
    }

    private static String key(String scope, String name, String... more) {
        List<String> words = new ArrayList<>(List.of("key", "create", "--scope", scope, "--name", name));
        words.addAll(List.of(more));
        return command(words.toArray(String[]::new));
    }

    private static String command(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--redis-url");
        all.add(service.redis().toString());
        return TestService.command(all.toArray()).output();
    }

    private static void within(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("seen in time").isLessThan(end);
        }
    }

    private static Reply with(Caller asked, String path, String header, String value) {
        return asked.send(asked.request(path).header(header, value).GET());
    }

    private static Reply bearer(Caller asked, String path, String key) {
        return with(asked, path, "Authorization", "Bearer " + key);
    }

    private static Reply basic(String path, String user, String password) {
        String pair = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return with(caller, path, "Authorization", "Basic " + pair);
    }

    @Test
    void key_isTakenInEveryFormOnEveryInstance() {
        String key = key("scores:read", "forms");
        String id = key.substring(3, 13);
        String path = "/v1/scores/c-1";
        within(() -> bearer(caller, path, key).status() == 200);
        within(() -> bearer(otherCaller, path, key).status() == 200);
        assertThat(bearer(caller, path, key).json().path("personalized").asBoolean())
                .isTrue();
        assertThat(with(caller, path, "authorization", "bearer " + key).status())
                .isEqualTo(200);
        assertThat(with(caller, path, "X-Api-Key", key).status()).isEqualTo(200);
        assertThat(basic(path, id, key.substring(14)).status()).isEqualTo(200);
        assertThat(basic(path, id, key).status()).isEqualTo(200);
        assertThat(basic(path, "", key).status()).isEqualTo(200);
    }

    @Test
    void callWithoutAGoodKey_is401AndSaysHow() {
        String wrong = admin.substring(0, admin.length() - 1) + (admin.endsWith("a") ? 'b' : 'a');
        List<Reply> replies = List.of(
                caller.get("/v1/scores/c-1"),
                bearer(caller, "/v1/scores/c-1", wrong),
                bearer(caller, "/v1/scores/c-1", ""),
                with(caller, "/v1/scores/c-1", "X-Api-Key", "nothing"),
                with(caller, "/v1/scores/c-1", "Authorization", "Digest " + admin),
                basic("/v1/scores/c-1", admin.substring(3, 13), "wrong"),
                with(caller, "/v1/scores/c-1", "Authorization", "Basic %%%"),
                caller.get("/v1/scores/c-1?token=nothing"),
                caller.get("/nowhere"),
                caller.get("/metrics"),
                caller.get("/openapi.yml"),
                caller.post("/v1/events", "{}"),
                caller.bare("DELETE", "/v1/customers/c-1"));
        for (Reply reply : replies) {
            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.header("www-authenticate")).contains("Bearer").contains("Basic");
            assertThat(reply.header("content-type")).startsWith("application/problem+json");
            assertThat(reply.json().path("status").asInt()).isEqualTo(401);
            assertThat(reply.text()).doesNotContain(admin).doesNotContain(wrong);
        }
        assertThat(caller.get("/health/readiness").status()).isEqualTo(200);
        assertThat(caller.get("/health/liveness").status()).isEqualTo(200);
    }

    @Test
    void keyForOtherThings_is403AndNamesTheScope() {
        String reader = key("scores:read", "reader");
        String writer = key("events:write", "writer");
        within(() -> bearer(caller, "/metrics", reader).status() == 200);
        within(() -> bearer(caller, "/metrics", writer).status() == 200);
        assertForbidden(bearer(caller, "/v1/customers", reader), "customers");
        assertForbidden(bearer(caller, "/v1/customers/c-1", reader), "customers");
        assertForbidden(bearer(caller, "/v1/models", reader), "models");
        assertForbidden(bearer(caller, "/v1/audit", reader), "admin");
        assertForbidden(bearer(caller, "/v1/scores/c-1", writer), "scores:read");
        assertForbidden(bearer(caller, "/v1/scores?customer_id=c-1", writer), "scores:read");
        // However the path is spelt, it is the route that counts.
        for (String path :
                List.of("/v1/scores/../customers/c-1", "/v1/scores/%2e%2e/customers", "/v1//customers/c-1")) {
            assertThat(bearer(caller, path, reader).text()).doesNotContain("\"events\"");
        }
        for (String path : List.of("/v1/models", "/v1/audit", "/v1/customers", "/v1/scores/c-1", "/openapi.yml")) {
            assertThat(bearer(caller, path, admin).status()).as(path).isEqualTo(200);
        }
    }

    private static void assertForbidden(Reply reply, String scope) {
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.header("content-type")).startsWith("application/problem+json");
        assertThat(reply.json().path("detail").asText()).contains("lacks the scope " + scope);
    }

    @Test
    void rotatedKey_countsForTheOverlapAndRevokedOnesNoMore() {
        String first = key("scores:read", "rotating");
        within(() -> bearer(caller, "/v1/scores/c-1", first).status() == 200);
        String second = command("key", "rotate", "rotating", "--overlap", "1h");
        within(() -> bearer(caller, "/v1/scores/c-1", second).status() == 200);
        assertThat(bearer(caller, "/v1/scores/c-1", first).status()).isEqualTo(200);
        String third = command("key", "rotate", "rotating", "--overlap", "0");
        within(() -> bearer(caller, "/v1/scores/c-1", second).status() == 401);
        within(() -> bearer(otherCaller, "/v1/scores/c-1", third).status() == 200);
        assertThat(bearer(caller, "/v1/scores/c-1", first).status()).isEqualTo(401);
        command("key", "revoke", "rotating");
        within(() -> bearer(caller, "/v1/scores/c-1", third).status() == 401);
        within(() -> bearer(otherCaller, "/v1/scores/c-1", third).status() == 401);
    }

    @Test
    void token_readsScoresBelowItsPathAndNothingElse() {
        String key = key("scores:read", "signer");
        within(() -> bearer(caller, "/v1/scores/c-1", key).status() == 200);
        String token = TestService.command("sign", "--key", key, "--path", "/v1/scores/", "--expires", "7d")
                .output();
        for (String customer : List.of("c-1", "c-2", "nobody")) {
            assertThat(caller.get("/v1/scores/" + customer + "?token=" + token).status())
                    .isEqualTo(200);
        }
        assertThat(caller.get("/v1/scores/c-1?format=text&field=decision&token=" + token)
                        .status())
                .isEqualTo(200);
        assertThat(caller.get("/v1/scores/c-1?at=2026-01-01T00:00:00Z&token=" + token)
                        .status())
                .isEqualTo(403);
        assertThat(caller.get("/v1/scores?customer_id=c-1&token=" + token).status())
                .isEqualTo(403);
        assertThat(caller.get("/v1/customers/c-1?token=" + token).status()).isEqualTo(403);
        assertThat(caller.post("/v1/scores/batch?token=" + token, "{\"customer_ids\": [\"c-1\"]}")
                        .status())
                .isEqualTo(403);
        String forged = (token.charAt(5) == 'A' ? token.substring(0, 5) + 'B' : token.substring(0, 5) + 'A')
                + token.substring(6);
        assertThat(caller.get("/v1/scores/c-1?token=" + forged).status()).isEqualTo(401);
        String brief =
                TestService.command("sign", "--key", key, "--expires", "1s").output();
        within(() -> caller.get("/v1/scores?customer_id=c-1&token=" + brief).status() == 401);
        command("key", "revoke", "signer");
        within(() -> caller.get("/v1/scores/c-1?token=" + token).status() == 401);
    }

    @Test
    void keyOverItsLimit_is429AndOthersAreNot() {
        String slow = key("scores:read", "slow", "--rate", "5", "--token-rate", "2");
        String quick = key("scores:read", "quick");
        within(() -> bearer(caller, "/v1/scores/c-1", slow).status() == 200);
        within(() -> bearer(caller, "/v1/scores/c-1", quick).status() == 200);
        Reply limited = null;
        for (int i = 0; i < 100 && limited == null; i++) {
            Reply reply = bearer(caller, "/v1/scores/c-1", slow);
            limited = reply.status() == 429 ? reply : null;
        }
        assertThat(limited).isNotNull();
        assertThat(limited.header("retry-after")).isEqualTo("1");
        assertThat(limited.header("content-type")).startsWith("application/problem+json");
        assertThat(bearer(caller, "/v1/scores/c-1", quick).status()).isEqualTo(200);
        String token =
                TestService.command("sign", "--key", slow, "--expires", "1h").output();
        assertThat(caller.get("/v1/scores/c-1?token=" + token).status())
                .as("tokens have a limit of their own")
                .isEqualTo(200);
        int refused = 0;
        for (int i = 0; i < 20; i++) {
            refused += caller.get("/v1/scores/c-1?token=" + token).status() == 429 ? 1 : 0;
        }
        assertThat(refused).isPositive();
    }

    @Test
    void audit_hasWhoDidWhatAndIsOneWholeChain() {
        bearer(caller, "/v1/customers/c-3", admin);
        bearer(otherCaller, "/v1/customers/c-3/features?model=policy", admin);
        List<Object> pin = List.of("model", "pin", "nothing", "1", "--url", service.url());
        assertThat(TestService.command(pin.toArray()).err()).contains("needs a key");
        List<Object> pinWithKey = new ArrayList<>(pin);
        pinWithKey.addAll(List.of("--key", admin));
        assertThat(TestService.command(pinWithKey.toArray()).err()).contains("nothing");
        List<JsonNode> entries = new ArrayList<>();
        within(() -> {
            entries.clear();
            String cursor = "";
            do {
                JsonNode page =
                        bearer(caller, "/v1/audit?limit=3" + cursor, admin).json();
                page.path("entries").forEach(entries::add);
                cursor = page.has("cursor") ? "&cursor=" + page.path("cursor").asText() : "";
            } while (!cursor.isEmpty());
            return actions(entries, "customer.read").size() >= 2
                    && !actions(entries, "model.pinned").isEmpty();
        });
        for (int i = 0; i < entries.size(); i++) {
            assertThat(entries.get(i).path("sequence").asInt()).isEqualTo(entries.size() - i);
        }
        List<JsonNode> reads = actions(entries, "customer.read");
        assertThat(reads).allMatch(read -> read.path("who").asText().equals("the-admin"));
        assertThat(reads.stream().map(read -> read.path("target").asText()).distinct())
                .as("the same customer, the same hash, on both instances")
                .singleElement()
                .asString()
                .matches("customer:[0-9a-f]{32}");
        JsonNode refused = actions(entries, "model.pinned").getFirst();
        assertThat(refused.has("target")).as("a name that was not found").isFalse();
        assertThat(refused.path("outcome").asText()).isEqualTo("refused with 404");
        assertThat(actions(entries, "model.live")).isNotEmpty();
        assertThat(actions(entries, "policy.live")).isNotEmpty();
        assertThat(actions(entries, "key.created")).isNotEmpty();
        assertThat(command("audit", "verify")).contains("the chain is whole");
    }

    private static List<JsonNode> actions(List<JsonNode> entries, String action) {
        return entries.stream()
                .filter(entry -> entry.path("action").asText().equals(action))
                .toList();
    }
}
