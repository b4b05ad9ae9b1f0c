package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.scorecast.server.Caller.Reply;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import io.scorecast.server.security.AccessRules;
import io.swagger.v3.oas.annotations.Hidden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** What HTTP itself asks of the service, and what the service says of itself. */
class HttpContractIT {

    private static final int LIMIT = 64 << 20;

    @TempDir
    static Path folder;

    private static TestService service;
    private static Caller caller;

    @BeforeAll
    static void start() throws IOException {
        service = Setup.in(folder).deadline(Duration.ofSeconds(20)).start();
        caller = new Caller(service.url());
        caller.store(new MadeUpCustomers().events("c", 0, 10));
    }

    @AfterAll
    static void stop() {
        caller.close();
        service.close();
    }

    @Test
    void head_hasTheHeadersOfGetAndNoBody() {
        Reply get = caller.score("c-1");
        Reply head = caller.bare("HEAD", "/v1/scores/c-1");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("etag")).isEqualTo(get.header("etag"));
        assertThat(head.header("content-type")).isEqualTo(get.header("content-type"));
    }

    @Test
    void notModified_repeatsTheHeadersOfCaches() {
        Reply get = caller.score("c-2");
        Reply match = caller.send(caller.request("/v1/scores/c-2").header("If-None-Match", get.header("etag")));
        assertThat(match.status()).isEqualTo(304);
        assertThat(match.body()).isEmpty();
        for (String name : List.of("etag", "cache-control")) {
            assertThat(match.header(name)).as(name).isEqualTo(get.header(name)).isNotEmpty();
        }
        assertThat(match.header("scorecast-cache")).isEqualTo("near");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/nothing, 404",
        "GET, /, 404",
        "GET, /v1/models/nothing, 404",
        "GET, /v1/models/clv/versions/99, 404",
        "GET, /v1/scores, 400",
        "GET, /v1/scores/%ff, 400",
        "GET, /v1/scores/c-1/, 404",
        "DELETE, /v1/customers/c-1/, 404",
        "GET, /v1/scores/c-1?limit=-1, 400",
        "GET, /v1/events, 405",
        "DELETE, /v1/scores/c-1, 405",
        "OPTIONS, /v1/events, 405",
        "PATCH, /v1/scores, 405"
    })
    void wrongRequest_isAProblem(String method, String path, int status) {
        Reply reply = caller.bare(method, path);
        assertProblem(reply, status);
        if (status == 405) {
            assertThat(reply.header("allow")).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"/v1/events, text/csv, 415", "/v1/scores, text/plain, 415", "/v1/scores/batch, application/xml, 415"})
    void wrongType_isAProblem(String path, String type, int status) {
        assertProblem(caller.send("POST", path, type, BodyPublishers.ofString("{}")), status);
    }

    /** Cut in the middle, cut in its trailer, one byte changed, not packed at all. */
    @ParameterizedTest
    @ValueSource(strings = {"/v1/events", "/v1/scores", "/v1/products"})
    void gzipThatIsDamaged_isAProblemAndStoresNothing(String path) throws IOException {
        String events = MadeUpCustomers.event("damaged", "e-1", "view", MadeUpCustomers.TIME)
                + MadeUpCustomers.event("damaged", "e-2", "view", MadeUpCustomers.TIME);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes, true)) {
            out.write(events.getBytes(StandardCharsets.UTF_8));
            out.flush();
            out.write(events.getBytes(StandardCharsets.UTF_8));
        }
        byte[] whole = bytes.toByteArray();
        byte[] changed = whole.clone();
        changed[whole.length - 6] ^= 1;
        for (byte[] body : List.of(
                Arrays.copyOf(whole, whole.length - 20),
                Arrays.copyOf(whole, whole.length - 4),
                changed,
                events.getBytes(StandardCharsets.UTF_8))) {
            Reply reply = caller.send(caller.request(path)
                    .header("Content-Type", path.equals("/v1/scores") ? "application/json" : "application/x-ndjson")
                    .header("Content-Encoding", "gzip")
                    .method(path.equals("/v1/products") ? "PUT" : "POST", BodyPublishers.ofByteArray(body)));
            assertProblem(reply, 400);
            assertThat(reply.text()).contains("gzip");
        }
        assertThat(caller.get("/v1/customers/damaged").text()).doesNotContain("e-1");
    }

    @Test
    void context_isShownAsAQuestionIs() {
        String body = "{\"customer_id\": \"c-1\"}";
        JsonNode views = caller.post("/v1/scores?models=clv&limit=1", body).json();
        assertThat(views.has("clv_90d")).isTrue();
        assertThat(views.has("p_redeem_30d")).isFalse();
        assertThat(caller.post("/v1/scores", "{\"customer_id\": \"c-1\", \"limit\": 1}")
                        .json()
                        .path("items")
                        .size())
                .isLessThanOrEqualTo(1);
        Reply text = caller.post("/v1/scores?format=text&field=decision", body);
        assertThat(text.text())
                .isEqualTo(caller.score("c-1").json().path("decision").asText());
        assertThat(text.header("content-type")).startsWith("text/plain");
        assertProblem(caller.post("/v1/scores", "{\"customer_id\": \"c-1\", \"customer_id\": \"c-2\"}"), 400);
    }

    @Test
    void contextWithoutATime_happensAtTheInstantThatIsAskedFor() {
        String at = "\"customer_id\": \"c-1\", \"at\": \"2026-01-10T00:00:00Z\"";
        int before = caller.post("/v1/scores", "{" + at + "}")
                .json()
                .path("profile_events")
                .asInt();
        String events = ", \"events\": [{\"type\": \"view\"}]}";
        assertThat(caller.post("/v1/scores", "{" + at + events)
                        .json()
                        .path("profile_events")
                        .asInt())
                .isEqualTo(before + 1);
    }

    /** A tool that takes text only, or HTML, still gets its answer. */
    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "text/html", "application/json", "*/*"})
    void accept_refusesNoAnswer(String accept) {
        Reply text = caller.send(
                caller.request("/v1/scores/c-1?format=text&field=decision").header("Accept", accept));
        assertThat(text.status()).isEqualTo(200);
        assertThat(text.header("content-type")).startsWith("text/plain");
        Reply json = caller.send(caller.request("/v1/scores/c-1").header("Accept", accept));
        assertThat(json.header("content-type")).startsWith("application/json");
    }

    @ParameterizedTest
    @CsvSource({"/v1/events", "/v1/scores", "/v1/scores/batch"})
    void bodyOverTheLimit_isAProblem(String path) {
        Reply reply = caller.send("POST", path, "application/json", BodyPublishers.ofByteArray(new byte[LIMIT + 1]));
        assertProblem(reply, 413);
    }

    @Test
    void bodyBelowTheLimit_isTaken() {
        String events = MadeUpCustomers.event("large", "e", "view", MadeUpCustomers.TIME) + "\n".repeat(LIMIT / 2);
        Reply reply = caller.send("POST", "/v1/events", "application/x-ndjson", BodyPublishers.ofString(events));
        assertThat(reply.status()).as(reply.text()).isEqualTo(202);
    }

    /** Such a body is read by another thread than a small one. */
    @Test
    void largeBody_isReadLikeASmallOne() {
        StringBuilder exclude = new StringBuilder("\"none\"");
        for (int i = 0; i < 3_000; i++) {
            exclude.append(", \"none-").append(i).append('"');
        }
        Reply reply = caller.post("/v1/scores", "{\"customer_id\": \"c-3\", \"exclude\": [" + exclude + "]}");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("personalized").asBoolean()).isTrue();
        Reply bad = caller.post("/v1/scores", "{\"customer_id\": \"c-3\", \"excludes\": [" + exclude + "]}");
        assertProblem(bad, 400);
        assertThat(bad.json().path("field").asText()).isEqualTo("excludes");
        Reply unknown = caller.post(
                "/v1/scores", "{\"customer_id\": \"c-3\", \"models\": [\"none\"], \"exclude\": [" + exclude + "]}");
        assertProblem(unknown, 404);
    }

    @Test
    void packedEvents_areStored() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(new MadeUpCustomers().events("packed", 1).getBytes(StandardCharsets.UTF_8));
        }
        Reply reply = caller.send(caller.request("/v1/events")
                .header("Content-Type", "application/x-ndjson")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(packed.toByteArray())));
        assertThat(reply.status()).isEqualTo(202);
        assertThat(caller.score("packed").json().path("profile_events").asInt())
                .isEqualTo(reply.json().path("accepted").asInt());
    }

    @Test
    void metrics_haveBucketsForRequestsBatchesAndEveryStage() {
        caller.score("c-4");
        String text = caller.get("/metrics").text();
        for (String stage : List.of("queue", "prove", "read", "features", "models", "policy", "encode", "keep")) {
            assertThat(text)
                    .containsPattern("scorecast_stage_seconds_bucket\\{stage=\"" + stage + "\",le=\"[0-9.E-]+\"");
        }
        assertThat(text).containsPattern("scorecast_batch_size_bucket\\{le=\"64.0\"}");
        assertThat(text)
                .containsPattern("scorecast_requests_seconds_bucket\\{method=\"GET\","
                        + "route=\"/v1/scores/\\{customer_id}\",status=\"200\",le=\"[0-9.E-]+\"");
        for (String outcome : List.of("near", "redis", "none", "shared")) {
            assertThat(text).contains("scorecast_cache_total{outcome=\"" + outcome + "\"}");
        }
        for (String reason : List.of("timeout", "overloaded", "store_unavailable", "unknown_customer", "opted_out")) {
            assertThat(text).contains("scorecast_fallbacks_total{reason=\"" + reason + "\"}");
        }
        assertThat(text).doesNotContain("c-4");
    }

    /** Every route of the code is described, and nothing else is; every described read answers. */
    @Test
    void description_agreesWithTheRoutes() {
        Reply reply = caller.get("/openapi.yml");
        Map<String, Map<String, ?>> document = new Yaml().load(reply.text());
        Set<String> described = new TreeSet<>();
        document.get("paths")
                .forEach((path, methods) -> ((Map<?, ?>) methods)
                        .keySet().stream()
                                .filter(key ->
                                        Set.of("get", "post", "put", "delete").contains(key))
                                .forEach(method -> described.add(method + " " + path)));
        assertThat(described).isEqualTo(routes()).hasSizeGreaterThan(10);
        String audience = audience(", \"changed_since\": \"" + audience("") + "\"");
        Reply kept = caller.send(
                "PUT", "/v1/products", "application/json", BodyPublishers.ofString("{\"product_id\": \"p-1\"}"));
        assertThat(kept.status()).as(kept.text()).isEqualTo(200);
        for (String route : described) {
            if (route.startsWith("get ")) {
                String path = route.substring(4)
                        .replace("{customer_id}", "c-1")
                        .replace("{product_id}", "p-1")
                        .replace("{model}", "clv")
                        .replace("{version}", "1")
                        .replace("{job}", audience)
                        .replace("{n}", "1");
                String query =
                        path.equals("/v1/scores") ? "?customer_id=c-1" : path.endsWith("/features") ? "?model=clv" : "";
                // Nobody is challenged here: that is a 404 which names the model.
                int expected = path.endsWith("/challenger") ? 404 : 200;
                assertThat(caller.get(path + query).status()).as(path).isEqualTo(expected);
            }
        }
    }

    /** One that is not on the list is not open, but for {@code admin} alone: nobody decided that. */
    @Test
    void everyRoute_isOnTheListOfWhatNeedsWhichScope() {
        for (String route : routes()) {
            String[] parts = route.split(" ", 2);
            assertThat(AccessRules.knows(parts[0].toUpperCase(Locale.ROOT), parts[1]))
                    .as(route)
                    .isTrue();
        }
    }

    @Test
    void tooMuchInFrontOfTheBody_isRefused() {
        Reply header = caller.send(caller.request("/v1/scores/c-1").header("X-Much", "x".repeat(20_000)));
        assertProblem(header, 413);
        Reply line = caller.get("/v1/scores/c-1?models=" + "x".repeat(10_000));
        assertProblem(line, 413);
        assertThat(caller.score("c-1").status()).isEqualTo(200);
    }

    /** The id of an audience that is done. */
    private static String audience(String more) {
        Reply reply = caller.post("/v1/audiences", "{\"customers\": {\"ids\": [\"c-1\"]}" + more + "}");
        String id = reply.json().path("id").asText();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        String state;
        do {
            state = caller.get("/v1/audiences/" + id).json().path("state").asText();
        } while (!state.equals("done") && System.nanoTime() < end);
        assertThat(state).as(reply.text()).isEqualTo("done");
        return id;
    }

    private static Set<String> routes() {
        Set<String> routes = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter().importPackages("io.scorecast.server")) {
            Optional<Controller> controller = type.tryGetAnnotationOfType(Controller.class);
            if (controller.isPresent()) {
                for (JavaMethod method : type.getMethods()) {
                    if (!method.isAnnotatedWith(Hidden.class)) {
                        routes.addAll(routes(method, controller.get().value()));
                    }
                }
            }
        }
        return routes;
    }

    private static List<String> routes(JavaMethod method, String base) {
        return method.tryGetAnnotationOfType(Get.class)
                .map(get -> routes("get", base, get.value(), get.uris()))
                .or(() -> method.tryGetAnnotationOfType(Post.class)
                        .map(post -> routes("post", base, post.value(), post.uris())))
                .or(() -> method.tryGetAnnotationOfType(Put.class)
                        .map(put -> routes("put", base, put.value(), put.uris())))
                .or(() -> method.tryGetAnnotationOfType(Delete.class)
                        .map(delete -> routes("delete", base, delete.value(), delete.uris())))
                .orElse(List.of());
    }

    /** One path, or several; without the patterns that variables have to match. */
    private static List<String> routes(String method, String base, String one, String[] several) {
        List<String> paths = List.of(several).equals(List.of("/")) ? List.of(one) : List.of(several);
        return paths.stream()
                .map(path -> base + (path.equals("/") ? "" : path))
                .map(path ->
                        method + " " + Pattern.compile(":[^}]+}").matcher(path).replaceAll("}"))
                .toList();
    }

    private static void assertProblem(Reply reply, int status) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.header("content-type")).startsWith("application/problem+json");
        JsonNode problem = reply.json();
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        for (String field : List.of("type", "title", "detail")) {
            assertThat(problem.path(field).asText()).as(field).isNotEmpty();
        }
    }
}
