package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import io.scorecast.server.Caller.Reply;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import io.scorecast.server.store.EmbeddedRedis;
import io.scorecast.server.store.Fsync;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.Yaml;
import redis.clients.jedis.RedisClient;

/**
 * Asks every route, well and badly, with ids and secrets that stand out, also while Redis is away and while a log is
 * damaged: none of them, and no score, gets into a log, a metric or the audit record.
 */
class NothingPersonalIT {

    /** Stands in every id here, and nowhere else. */
    private static final String MARK = "zq7x";

    private static final String CUSTOMER = MARK + "-customer";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final Logged logged = new Logged();
    private final Set<String> scores = new TreeSet<>();

    /** Keeps all that is logged, of this service down to the last detail. */
    private static final class Logged extends AppenderBase<ILoggingEvent> {

        private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            String thrown =
                    event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
            lines.add(event.getLoggerName()
                    + ' '
                    + event.getThreadName()
                    + ' '
                    + event.getFormattedMessage()
                    + ' '
                    + thrown);
        }
    }

    @Test
    void logsMetricsAndRecord_afterAllKindsOfTraffic_nameNobody() throws IOException {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Logger own = (Logger) LoggerFactory.getLogger("io.scorecast");
        Level before = own.getLevel();
        logged.setContext(root.getLoggerContext());
        logged.start();
        root.addAppender(logged);
        own.setLevel(Level.DEBUG);
        try {
            run();
        } finally {
            own.setLevel(before);
            root.detachAppender(logged);
        }
    }

    private void run() throws IOException {
        EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), Fsync.EVERYSEC);
        try (TestService service =
                        Setup.in(folder.resolve("data")).redis(redis.url()).start();
                Caller caller = new Caller(service.url())) {
            caller.store(new MadeUpCustomers().events(CUSTOMER, 0, 4));
            Reply reply = caller.score(CUSTOMER + "-1");
            assertThat(reply.json().path("personalized").asBoolean()).isTrue();
            scores(reply.json());
            assertThat(scores).hasSizeGreaterThan(3);
            String key = TestService.command("key", "create", "--scope", "admin", "--redis-url", redis.url())
                    .output();
            String token =
                    TestService.command("sign", "--key", key, "--expires", "1h").output();
            Secrets secrets = new Secrets(key, token);
            await(() -> caller.score(CUSTOMER).status() == 401);
            List<String> routes =
                    routes(send(caller, "GET", "/openapi.yml", key, "").text());
            ask(caller, routes, secrets);
            odd(service.url());
            damage(redis.url());
            ask(caller, routes, secrets);
            String metrics = send(caller, "GET", "/metrics", key, "").text();
            assertClean("metrics", metrics, secrets);
            assertThat(metrics).contains("scorecast_requests_seconds_count{method=\"DELETE\"");
            String record = send(caller, "GET", "/v1/audit?limit=1000", key, "").text();
            assertThat(record).contains("customer.erased").contains("customer.exported");
            assertClean("audit", record, secrets);
            redis.close();
            ask(caller, routes, secrets);
            assertClean("metrics", send(caller, "GET", "/metrics", key, "").text(), secrets);
            assertThat(logged.lines).anyMatch(line -> line.contains("Redis is unavailable"));
            assertThat(logged.lines).anyMatch(line -> line.contains("cannot be read"));
            logged.lines.forEach(line -> assertClean("log", line, secrets));
        } finally {
            redis.close();
        }
    }

    private record Secrets(String key, String token) {

        /** The part that lets somebody in. */
        String secret() {
            return key.substring(key.lastIndexOf('_') + 1);
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).isLessThan(end);
        }
    }

    /** Numbers that nothing else would write. */
    private void scores(JsonNode node) {
        if (node.isDouble() && node.asText().length() > 6) {
            scores.add(node.asText());
        }
        node.forEach(this::scores);
    }

    private void assertClean(String where, String text, Secrets secrets) {
        String small = text.toLowerCase(Locale.ROOT);
        assertThat(small).as(where).doesNotContain(MARK);
        assertThat(text).as(where).doesNotContain(secrets.secret()).doesNotContain(secrets.token());
        assertThat(scores).as(where).noneMatch(text::contains);
    }

    private static List<String> routes(String document) {
        Map<String, Map<String, Map<String, ?>>> read = new Yaml().load(document);
        List<String> routes = new ArrayList<>();
        read.get("paths")
                .forEach((path, methods) ->
                        methods.keySet().forEach(method -> routes.add(method.toUpperCase(Locale.ROOT) + " " + path)));
        assertThat(routes).hasSizeGreaterThan(25);
        return routes;
    }

    private static Reply send(Caller caller, String method, String path, String key, String body) {
        return caller.send(caller.request(path)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body)));
    }

    /** Every route, as it is meant and as it is not; nobody gets a secret back. */
    private void ask(Caller caller, List<String> routes, Secrets secrets) {
        List<Reply> replies = new ArrayList<>();
        String job = send(
                        caller,
                        "POST",
                        "/v1/audiences",
                        secrets.key(),
                        "{\"customers\": {\"ids\": [\"" + CUSTOMER + "-1\", \"" + CUSTOMER + "-9\"]}}")
                .json()
                .path("id")
                .asText();
        assertThat(job).isNotEmpty();
        for (String route : routes) {
            String[] parts = route.split(" ", 2);
            String method = parts[0];
            // The one who is asked for last is erased.
            String customer = CUSTOMER + (method.equals("DELETE") ? "-3" : "-1");
            String path = parts[1].replace("{customer_id}", customer).replace("{n}", "1");
            String meant = path.replace("{model}", "propensity")
                    .replace("{version}", "1")
                    .replace("{job}", job)
                    .replace("{product_id}", MARK + "-product");
            String wrong = path.replace("{model}", customer)
                    .replace("{version}", customer)
                    .replace("{job}", customer)
                    .replace("{product_id}", customer);
            String query =
                    "?customer_id=" + customer + "&models=" + customer + "&field=" + customer + "&limit=" + customer
                            + "&cursor=" + customer + "&at=" + customer + "&model=" + customer + "&" + customer + "=1";
            for (String body : bodies(customer)) {
                replies.add(send(caller, method, meant, secrets.key(), body));
                replies.add(send(caller, method, wrong + query, secrets.key(), body));
            }
            replies.add(send(caller, method, meant, "sc_" + MARK + "_" + MARK, ""));
            replies.add(send(caller, method, meant, secrets.key() + "x", ""));
            replies.add(caller.bare(method, meant + "?customer_id=" + customer + "&token=" + secrets.token()));
            replies.add(caller.bare(method, meant + "?token=" + secrets.token() + MARK));
            replies.add(caller.send(caller.request(meant)
                    .header("X-Api-Key", secrets.key())
                    .header("Content-Type", "text/" + MARK)
                    .header("Content-Encoding", MARK)
                    .header("If-None-Match", MARK)
                    .method(method, BodyPublishers.ofString(MARK))));
        }
        replies.add(send(caller, "GET", "/" + CUSTOMER, secrets.key(), ""));
        replies.add(send(caller, "PATCH", "/v1/customers/" + CUSTOMER, secrets.key(), ""));
        replies.add(send(caller, MARK.toUpperCase(Locale.ROOT), "/v1/scores/" + CUSTOMER, secrets.key(), ""));
        replies.add(send(caller, "GET", "/v1/scores/" + CUSTOMER + "%ff", secrets.key(), ""));
        replies.add(send(caller, "GET", "/v1/scores/" + CUSTOMER + "?x=" + MARK.repeat(3_000), secrets.key(), ""));
        for (Reply reply : replies) {
            assertThat(reply.status()).isNotEqualTo(500);
            assertThat(reply.text()).doesNotContain(secrets.secret()).doesNotContain(secrets.token());
        }
    }

    private static List<String> bodies(String customer) {
        String event = MadeUpCustomers.event(customer, MARK + "-event", "purchase", MadeUpCustomers.TIME);
        return List.of(
                event,
                "{\"customer_id\": \"" + customer + "\", \"events\": [" + event + "]}",
                "{\"customer_ids\": [\"" + customer + "\", \"" + customer + "-more\"]}",
                "{\"customer_id\": {\"" + MARK + "\": 1}}",
                "{\"" + MARK + "\": ",
                "[\"" + MARK + "\"",
                "{\"version\": \"" + MARK + "\", \"mode\": \"" + MARK + "\"}",
                "{\"inputs\": [{\"name\": \"" + MARK + "\", \"shape\": [1, 2], \"datatype\": \"" + MARK
                        + "\", \"data\": [\"" + MARK + "\"]}]}",
                MARK.repeat(1_000));
    }

    /** What no client sends. */
    private static void odd(URI service) throws IOException {
        for (String head : List.of(
                "GET /v1/scores/" + MARK + " " + MARK + " HTTP/1.1",
                "GET /v1/scores/" + MARK + "%zz|^{} HTTP/1.1",
                "GET http://" + MARK + "/v1/scores/" + MARK + "\\ HTTP/1.1",
                MARK + " " + MARK,
                "POST /v1/events HTTP/1.1\r\nContent-Length: " + MARK,
                "POST /v1/events HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + MARK,
                "GET /v1/scores/" + MARK + " HTTP/1.1\r\nAuthorization: Basic " + MARK + "\r\n" + MARK)) {
            try (Socket socket = new Socket(service.getHost(), service.getPort())) {
                socket.setSoTimeout(2_000);
                socket.getOutputStream()
                        .write((head + "\r\nHost: " + MARK + "\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1));
                while (socket.getInputStream().read() >= 0) {
                    // To the end of the answer.
                }
            } catch (java.net.SocketException | java.net.SocketTimeoutException e) {
                // Some are hung up on, or waited for.
            }
        }
    }

    /** Ends a log with what is none. */
    private static void damage(URI redis) {
        try (RedisClient client = RedisClient.create(redis)) {
            client.append("sc1:{" + CUSTOMER + "-1}:p", "\nxx" + MARK.repeat(2_000));
            client.append("sc1:{" + CUSTOMER + "-2}:p", MARK);
        }
    }
}
