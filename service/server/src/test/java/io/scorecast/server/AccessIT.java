package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.server.Caller.Reply;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import io.scorecast.server.store.EmbeddedRedis;
import io.scorecast.server.store.Fsync;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a service starts: where others can reach it, by HTTPS, and while Redis is away. */
class AccessIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CONNECTIONS = 16;

    @TempDir
    static Path folder;

    private static EmbeddedRedis redis;

    @BeforeAll
    static void start() throws IOException {
        redis = EmbeddedRedis.start(folder.resolve("redis"), Fsync.EVERYSEC);
    }

    @AfterAll
    static void stop() throws IOException {
        redis.close();
    }

    private static void within(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
        }
    }

    private static String key(URI redis, String scope) {
        return TestService.command("key", "create", "--scope", scope, "--redis-url", redis)
                .output();
    }

    private static Reply with(Caller caller, String path, String key) {
        return caller.send(caller.request(path).header("X-Api-Key", key));
    }

    @Test
    void service_forOthersWithoutAKey_isRefusedAndSaysHowToMakeOne() {
        TestService.Ran ran = TestService.command(
                "serve",
                "--host",
                "0.0.0.0",
                "--port",
                "0",
                "--models",
                TestService.SHIPPED_MODELS,
                "--redis-url",
                redis.url(),
                "--redis-prefix",
                "nobody",
                "--data",
                folder.resolve("nobody"));
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err())
                .contains("./scorecast key create --scope scores:read")
                .hasLineCount(1);
    }

    @Test
    void service_forOthers_asksForKeysAndSpeaksHttps() throws IOException, GeneralSecurityException {
        String key = key(redis.url(), "scores:read");
        TestCertificate first = TestCertificate.make(folder.resolve("first"));
        TestCertificate second = TestCertificate.make(folder.resolve("second"));
        Path certificate = Files.copy(first.certificate(), folder.resolve("tls.crt"));
        Path secret = Files.copy(first.key(), folder.resolve("tls.key"));
        try (TestService service = Setup.in(folder.resolve("tls"))
                        .redis(redis.url())
                        .deadline(PATIENCE)
                        .startForAll(certificate, secret, CONNECTIONS);
                Caller caller = new Caller(
                        URI.create("https://127.0.0.1:" + service.url().getPort()),
                        HttpClient.newBuilder().sslContext(first.trusted()))) {
            assertThat(caller.score("c-1").status()).isEqualTo(401);
            assertThat(caller.get("/health/readiness").status()).isEqualTo(200);
            assertThat(with(caller, "/v1/scores/c-1", key).status()).isEqualTo(200);
            assertBounded(service.url().getPort(), caller, key);
            // A renewed certificate is taken up while it runs.
            Files.copy(second.key(), secret, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(second.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
            within(() -> isSpokenWith(service.url().getPort(), second));
        }
    }

    private static boolean isSpokenWith(int port, TestCertificate certificate) {
        try (Caller caller = new Caller(
                URI.create("https://127.0.0.1:" + port), HttpClient.newBuilder().sslContext(certificate.trusted()))) {
            return caller.get("/health/readiness").status() == 200;
        } catch (CompletionException e) {
            return false;
        }
    }

    /** Whoever is connected stays; others come in when there is room again. */
    private static void assertBounded(int port, Caller caller, String key) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 2 * CONNECTIONS; i++) {
                sockets.add(new Socket("127.0.0.1", port));
            }
            within(() -> refused(caller, key) > 0);
            assertThat(with(caller, "/v1/scores/c-1", key).status()).isEqualTo(200);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private static double refused(Caller caller, String key) {
        return with(caller, "/metrics", key)
                .text()
                .lines()
                .filter(line -> line.startsWith("scorecast_connections_refused_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .findAny()
                .orElse(0);
    }

    @Test
    void keys_countWhileRedisIsAwayAlsoFromAStart() throws IOException {
        Path data = folder.resolve("away");
        EmbeddedRedis own = EmbeddedRedis.start(folder.resolve("own"), Fsync.EVERYSEC);
        URI url = own.url();
        String key;
        try (TestService service = Setup.in(data).redis(url).start();
                Caller caller = new Caller(service.url())) {
            key = key(url, "scores:read");
            within(() -> caller.score("c-1").status() == 401);
            own.close();
            assertCounts(caller, key);
        } finally {
            own.close();
        }
        assertThat(Files.readString(data.resolve("keys"))).doesNotContain(key.substring(14));
        try (TestService service = Setup.in(data).redis(url).start();
                Caller caller = new Caller(service.url())) {
            assertCounts(caller, key);
        }
    }

    private static void assertCounts(Caller caller, String key) {
        Reply reply = with(caller, "/v1/scores/c-1", key);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("reason").asText()).isEqualTo("store_unavailable");
        assertThat(caller.score("c-1").status()).isEqualTo(401);
        assertThat(with(caller, "/v1/scores/c-1", key.substring(0, 60) + "aaaaaa")
                        .status())
                .isEqualTo(401);
        assertThat(with(caller, "/v1/models", key).status()).isEqualTo(403);
    }
}
