package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.ZstdInputStream;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.scorecast.server.Caller.Reply;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import io.scorecast.server.store.EmbeddedRedis;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import redis.clients.jedis.Jedis;

/** Audiences over REST, on a real Redis and the shipped models. */
class AudienceIT {

    private static final int CUSTOMERS = 700;
    private static final String AT = MadeUpCustomers.TIME.toString();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private static EmbeddedRedis redis;
    private static TestService service;
    private static Caller caller;

    /** The folder of the files that requests may name. */
    private static Path files;

    @BeforeAll
    static void start() throws IOException {
        files = Files.createDirectory(folder.resolve("files"));
        redis = EmbeddedRedis.start(folder.resolve("redis"));
        service = Setup.in(folder)
                .redis(redis.url())
                .deadline(Duration.ofSeconds(20))
                .start();
        caller = new Caller(service.url());
        MadeUpCustomers customers = new MadeUpCustomers();
        caller.store(customers.events("c", 0, CUSTOMERS));
        caller.store(customers.events("o,\"dd\"/ä", 5));
        caller.store(customers.events("out", 7));
        caller.store(MadeUpCustomers.objection("out", Instant.parse("2026-05-01T00:00:00Z")));
    }

    @AfterAll
    static void stop() {
        caller.close();
        service.close();
        redis.close();
    }

    private static JsonNode submit(String body) {
        Reply reply = caller.post("/v1/audiences", body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(202);
        assertThat(reply.header("location"))
                .isEqualTo("/v1/audiences/" + reply.json().path("id").asText());
        return reply.json();
    }

    /** Waits for the end, by asking. */
    private static JsonNode await(String id) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        JsonNode job;
        do {
            job = caller.get("/v1/audiences/" + id).json();
        } while (List.of("queued", "running").contains(job.path("state").asText()) && System.nanoTime() < end);
        return job;
    }

    private static JsonNode done(String body) {
        JsonNode job = await(submit(body).path("id").asText());
        assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("done");
        assertThat(job.path("done").asLong()).isEqualTo(job.path("total").asLong());
        return job;
    }

    private static byte[] part(JsonNode job, int number) throws Exception {
        Reply reply = caller.get("/v1/audiences/" + job.path("id").asText() + "/parts/" + number);
        assertThat(reply.status()).isEqualTo(200);
        JsonNode described = job.path("parts").get(number - 1);
        assertThat(reply.body()).hasSize(described.path("bytes").asInt());
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(reply.body())))
                .isEqualTo(described.path("sha256").asText());
        return reply.body();
    }

    /** All rows of all parts, by the first column. */
    private static Map<String, NamedCsvRecord> rows(JsonNode job) throws Exception {
        Map<String, NamedCsvRecord> rows = new LinkedHashMap<>();
        for (int number = 1; number <= job.path("parts").size(); number++) {
            String text = new String(part(job, number), StandardCharsets.UTF_8);
            int before = rows.size();
            for (NamedCsvRecord row : CsvReader.builder().ofNamedCsvRecord(text)) {
                assertThat(rows.put(row.getField(0), row)).as("twice").isNull();
            }
            assertThat(rows.size() - before)
                    .isEqualTo(job.path("parts").get(number - 1).path("rows").asInt());
        }
        return rows;
    }

    private static Map<String, String> rejected(JsonNode job) {
        String text = caller.get("/v1/audiences/" + job.path("id").asText() + "/rejected")
                .text();
        Map<String, String> reasons = new TreeMap<>();
        for (NamedCsvRecord row : CsvReader.builder().ofNamedCsvRecord(text)) {
            reasons.put(row.getField("customer_id"), row.getField("reason"));
        }
        return reasons;
    }

    private static String cell(JsonNode value) {
        if (value.isArray()) {
            List<String> words = new ArrayList<>();
            value.forEach(word -> words.add(word.asText()));
            return String.join("|", words);
        }
        return value.asText();
    }

    /** To the last digit, but for the items of the ONNX model, whose kernels differ by the size of a batch. */
    @Test
    void all_equalsSingleAnswers() throws Exception {
        JsonNode job =
                done("{\"customers\": {\"all\": true}, \"at\": \"" + AT + "\", \"output\": {\"rows_per_part\": 100}}");
        Map<String, NamedCsvRecord> rows = rows(job);
        // Another test may have stored its own.
        rows.keySet().removeIf(customer -> customer.startsWith("d-"));
        assertThat(job.path("parts").size()).isGreaterThanOrEqualTo(8);
        assertThat(rows).hasSize(CUSTOMERS + 1).doesNotContainKey("out");
        assertThat(rejected(job)).containsEntry("out", "opted_out");
        for (Map.Entry<String, NamedCsvRecord> row : rows.entrySet()) {
            String customer = URLEncoder.encode(row.getKey(), StandardCharsets.UTF_8);
            JsonNode single = caller.get("/v1/scores/" + customer + "?at=" + AT).json();
            int compared = 0;
            for (Map.Entry<String, JsonNode> field : single.properties()) {
                JsonNode value = field.getValue();
                if (value.isArray() && value.path(0).isObject()) {
                    assertSameItems(row.getValue(), field.getKey().replaceFirst("^items$", "item"), value);
                } else if (!value.isObject() && !field.getKey().matches("[a-z_]+_[0-9]+_(id|score|title)")) {
                    assertThat(row.getValue().getField(field.getKey()))
                            .as(field.getKey())
                            .isEqualTo(cell(value));
                    compared++;
                }
            }
            assertThat(compared).isGreaterThan(15);
        }
    }

    /** The same scores in order; the same items, but that two of nearly the same score may have changed places. */
    private static void assertSameItems(NamedCsvRecord row, String prefix, JsonNode items) throws IOException {
        Offset<Double> near = within(tolerance());
        int last = items.size();
        for (int rank = 1; rank <= last; rank++) {
            double score = Double.parseDouble(row.getField(prefix + "_" + rank + "_score"));
            String id = row.getField(prefix + "_" + rank + "_id");
            assertThat(score).isCloseTo(items.path(rank - 1).path("score").asDouble(), near);
            // What is not among the others came in from behind the end, so it is as good as the last of them.
            double own = items.path(last - 1).path("score").asDouble();
            for (JsonNode item : items) {
                own = item.path("id").asText().equals(id) ? item.path("score").asDouble() : own;
            }
            assertThat(score).as(id).isCloseTo(own, near);
        }
    }

    /** How far a score of the live next-product version may be off: nothing, unless ONNX Runtime answers. */
    private static double tolerance() throws IOException {
        String version = caller.get("/v1/scores/c-1")
                .json()
                .path("versions")
                .path("next-product")
                .asText();
        Map<String, Object> manifest = new Yaml()
                .load(Files.readString(TestService.SHIPPED_MODELS.resolve("next-product/" + version + "/model.yaml")));
        return "onnx".equals(manifest.get("runtime"))
                ? ((Number) Objects.requireNonNull(manifest.get("tolerance"))).doubleValue()
                : 0;
    }

    @Test
    void manifest_saysWhatIsInTheFiles() throws Exception {
        JsonNode job = done("{\"customers\": {\"all\": true}, \"at\": \"" + AT + "\"}");
        JsonNode manifest = caller.get("/v1/audiences/" + job.path("id").asText() + "/manifest")
                .json();
        Map<String, NamedCsvRecord> rows = rows(job);
        Map<String, Integer> decisions = new TreeMap<>();
        Map<String, Integer> segments = new TreeMap<>();
        rows.values().forEach(row -> {
            decisions.merge(row.getField("decision"), 1, Integer::sum);
            for (String segment : row.getField("segments").split("\\|")) {
                segments.merge(segment, 1, Integer::sum);
            }
        });
        decisions.forEach((word, count) -> assertThat(
                        manifest.path("counts").path("decisions").path(word).asInt())
                .isEqualTo(count));
        segments.forEach((word, count) -> assertThat(
                        manifest.path("counts").path("segments").path(word).asInt())
                .isEqualTo(count));
        assertThat(manifest.path("counts")
                        .path("bands")
                        .path("clv_90d")
                        .path("top")
                        .asLong())
                .isEqualTo(rows.values().stream()
                        .filter(row -> row.getField("clv_90d_band").equals("top"))
                        .count());
        assertThat(manifest.path("at").asText()).isEqualTo(AT);
        assertThat(manifest.path("rows").asInt()).isEqualTo(rows.size());
        assertThat(manifest.path("versions"))
                .isEqualTo(caller.score("c-1").json().path("versions"));
        assertThat(manifest.path("parts").get(0).path("sha256").asText())
                .isEqualTo(job.path("parts").get(0).path("sha256").asText());
    }

    @Test
    void whereSegmentTopAndExclude_choose() throws Exception {
        String end = ", \"at\": \"" + AT + "\"}";
        Map<String, NamedCsvRecord> all = rows(done("{\"customers\": {\"all\": true}" + end));
        Map<String, NamedCsvRecord> some = rows(done("{\"customers\": {\"segment\": \"at-risk\"}, \"where\":"
                + " \"p_lapse_28d > 0.3 && spend_365d >= 0 && decision != 'win-back-news'\"" + end));
        assertThat(some.keySet())
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(all.entrySet().stream()
                        .filter(row ->
                                List.of(row.getValue().getField("segments").split("\\|"))
                                                .contains("at-risk")
                                        && Double.parseDouble(row.getValue().getField("p_lapse_28d")) > 0.3
                                        && !row.getValue().getField("decision").equals("win-back-news"))
                        .map(Map.Entry::getKey)
                        .toList());
        Map<String, NamedCsvRecord> best = rows(done(
                "{\"customers\": {\"all\": true}, \"top\": {\"n\": 25, \"by\": \"clv_90d\"}, \"exclude\": {\"ids\":"
                        + " [\"c-1\", \"c-2\"]}" + end));
        List<Double> values = all.entrySet().stream()
                .filter(row -> !List.of("c-1", "c-2").contains(row.getKey()))
                .map(row -> Double.parseDouble(row.getValue().getField("clv_90d")))
                .sorted((a, b) -> Double.compare(b, a))
                .limit(25)
                .toList();
        assertThat(best.values().stream()
                        .map(row -> Double.parseDouble(row.getField("clv_90d")))
                        .sorted((a, b) -> Double.compare(b, a))
                        .toList())
                .isEqualTo(values);
        assertThat(best).doesNotContainKeys("c-1", "c-2");
    }

    @Test
    void ids_areScoredOnceAndTheUnknownRejected() throws Exception {
        JsonNode job = done("{\"customers\": {\"ids\": [\"c-3\", \"nobody\", \"c-3\", \"c-4\", \"out\"]}}");
        assertThat(rows(job).keySet()).containsExactly("c-3", "c-4");
        assertThat(rejected(job)).isEqualTo(Map.of("nobody", "unknown_customer", "out", "opted_out"));
        assertThat(job.path("rejected").asInt()).isEqualTo(2);
    }

    @Test
    void nobodyChosen_isAFileWithAHeader() throws Exception {
        JsonNode job = done("{\"customers\": {\"ids\": [\"c-3\"]}, \"where\": \"clv_90d > 1e9\"}");
        assertThat(rows(job)).isEmpty();
        assertThat(new String(part(job, 1), StandardCharsets.UTF_8))
                .startsWith("customer_id,personalized,")
                .endsWith("\r\n");
    }

    @Test
    void multipart_bringsAFile() throws Exception {
        String mark = "xxBOUNDARYxx";
        String body = "--" + mark + "\r\nContent-Disposition: form-data; name=\"request\"\r\n\r\n{\"at\": \"" + AT
                + "\"}\r\n--" + mark
                + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"ids.csv\"\r\nContent-Type:"
                + " text/csv\r\n\r\n\ufeffname,customer_id\r\nx,c-5\r\ny,\"o,\"\"dd\"\"/ä\"\r\nz,c-5\r\n\r\n--" + mark
                + "--\r\n";
        Reply reply = caller.send(
                "POST", "/v1/audiences", "multipart/form-data; boundary=" + mark, BodyPublishers.ofString(body));
        assertThat(reply.status()).as(reply.text()).isEqualTo(202);
        JsonNode job = await(reply.json().path("id").asText());
        assertThat(rows(job).keySet()).containsExactly("c-5", "o,\"dd\"/ä");
    }

    @Test
    void file_ofTheMachine_isReadAsItIs() throws Exception {
        Path ids = Files.createDirectories(files.resolve("sent")).resolve("ids.txt");
        Files.write(ids, List.of("c-6", "bad{id}", "c-7", "c-8"));
        Files.write(files.resolve("not.txt"), List.of("c-8"));
        for (String name : List.of("sent/ids.txt", ids.toString())) {
            JsonNode job = done("{\"customers\": {\"file\": \"" + name + "\"}, \"exclude\": {\"file\": \"not.txt\"}}");
            assertThat(rows(job).keySet()).containsExactly("c-6", "c-7");
            assertThat(rejected(job)).containsOnlyKeys("bad{id}");
        }
    }

    /** Whoever may ask for audiences must not be able to look around on the machine. */
    @ParameterizedTest
    @ValueSource(
            strings = {"../secret.txt", "sent/../../secret.txt", "/etc/hostname", "link.txt", "out/secret.txt", "."})
    void file_outsideTheFolder_isRefused(String name) throws Exception {
        Files.write(folder.resolve("secret.txt"), List.of("c-6"));
        Files.write(folder.resolve("secret.yaml"), List.of("schema: 1", "columns: {id: customer_id}"));
        Files.deleteIfExists(files.resolve("link.txt"));
        Files.createSymbolicLink(files.resolve("link.txt"), folder.resolve("secret.txt"));
        Files.deleteIfExists(files.resolve("link.yaml"));
        Files.createSymbolicLink(files.resolve("link.yaml"), folder.resolve("secret.yaml"));
        Files.deleteIfExists(files.resolve("out"));
        Files.createSymbolicLink(files.resolve("out"), folder);
        Map<String, String> requests = Map.of(
                "customers.file",
                "{\"customers\": {\"file\": \"" + name + "\"}}",
                "exclude.file",
                "{\"customers\": {\"all\": true}, \"exclude\": {\"file\": \"" + name + "\"}}",
                "output.preset",
                "{\"customers\": {\"all\": true}, \"output\": {\"preset\": \"" + name.replace(".txt", ".yaml")
                        + "\"}}");
        for (Map.Entry<String, String> request : requests.entrySet()) {
            Reply reply = caller.post("/v1/audiences", request.getValue());
            assertThat(reply.status()).as(reply.text()).isEqualTo(400);
            assertThat(reply.json().path("field").asText()).isEqualTo(request.getKey());
        }
    }

    @Test
    void presetOfOnesOwn_isAFileThatMayBeNamed() throws Exception {
        Files.writeString(files.resolve("crm.yaml"), """
                schema: 1
                columns: {ID: customer_id, VALUE: clv_90d}
                truths: ["Y", "N"]
                """);
        JsonNode job = done("{\"customers\": {\"ids\": [\"c-8\"]}, \"output\": {\"preset\": \"crm.yaml\"}}");
        assertThat(new String(part(job, 1), StandardCharsets.UTF_8)).startsWith("ID,VALUE\r\nc-8,");
        Files.writeString(files.resolve("bad.yaml"), "schema: 1\ncolumns: {ID: customer_id}\ntruhts: [a, b]\n");
        Reply reply = caller.post(
                "/v1/audiences", "{\"customers\": {\"all\": true}, \"output\": {\"preset\": \"bad.yaml\"}}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("field").asText()).isEqualTo("output.preset");
        assertThat(reply.json().path("detail").asText()).contains("bad.yaml:3").contains("truths");
    }

    @Test
    void ndjson_isTheAnswerItself() throws Exception {
        JsonNode job = done("{\"customers\": {\"ids\": [\"c-8\", \"c-9\"]}, \"at\": \"" + AT
                + "\", \"output\": {\"format\": \"ndjson\", \"gzip\": true}}");
        byte[] text = new GZIPInputStream(new ByteArrayInputStream(part(job, 1))).readAllBytes();
        assertThat(new String(text, StandardCharsets.UTF_8))
                .isEqualTo(caller.get("/v1/scores/c-8?at=" + AT).text() + "\n"
                        + caller.get("/v1/scores/c-9?at=" + AT).text() + "\n");
    }

    @Test
    void parquet_hasTheSameValues() throws Exception {
        String request = "{\"customers\": {\"segment\": \"at-risk\"}, \"at\": \"" + AT + "\"";
        Map<String, NamedCsvRecord> rows = rows(done(request + "}"));
        Path file = folder.resolve("part.parquet");
        Files.write(file, part(done(request + ", \"output\": {\"format\": \"parquet\"}}"), 1));
        int count = 0;
        try (java.sql.Connection duckdb = java.sql.DriverManager.getConnection("jdbc:duckdb:");
                java.sql.Statement statement = duckdb.createStatement();
                java.sql.ResultSet table = statement.executeQuery(
                        "select customer_id, personalized, clv_90d, segments, last_category from '" + file + "'")) {
            while (table.next()) {
                NamedCsvRecord row = rows.get(table.getString(1));
                assertThat(table.getBoolean(2)).isTrue();
                assertThat(table.getDouble(3)).isEqualTo(Double.parseDouble(row.getField("clv_90d")));
                assertThat(table.getString(4)).isEqualTo(row.getField("segments"));
                String category = table.getString(5);
                assertThat(category == null ? "" : category).isEqualTo(row.getField("last_category"));
                count++;
            }
        }
        assertThat(count).isEqualTo(rows.size()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "braze, external_id",
        "braze-cdi, UPDATED_AT",
        "hubspot, customer_id",
        "iterable, userId",
        "klaviyo, External ID",
        "mailchimp, CUSTOMERID",
        "salesforce, SubscriberKey"
    })
    void preset_hasItsShape_andClearsWhoOptedOut(String preset, String first) throws Exception {
        JsonNode job = done("{\"customers\": {\"ids\": [\"c-8\", \"out\"]}, \"at\": \"" + AT
                + "\", \"output\": {\"preset\": \"" + preset + "\"}}");
        assertThat(rejected(job)).isEmpty();
        List<NamedCsvRecord> rows =
                CsvReader.builder().ofNamedCsvRecord(new String(part(job, 1), StandardCharsets.UTF_8)).stream()
                        .toList();
        assertThat(rows).hasSize(2);
        assertThat(rows.getFirst().getHeader().getFirst()).isEqualTo(first);
        assertThat(rows.get(1).getFields()).contains("out");
        String decision =
                caller.get("/v1/scores/c-8?at=" + AT).json().path("decision").asText();
        assertThat(rows.getFirst().toString()).contains(decision);
        if (preset.equals("braze-cdi")) {
            assertThat(rows.getFirst().getHeader()).containsExactly("UPDATED_AT", "EXTERNAL_ID", "PAYLOAD");
            assertThat(rows.getFirst().getField("UPDATED_AT")).isEqualTo("2026-06-01 12:00:00");
            assertThat(rows.get(1).getField("PAYLOAD"))
                    .contains("\"decision\":null")
                    .contains("\"clv_90d\":null");
        }
    }

    @Test
    void changedSince_writesWhatMovedAndListsWhoLeft() throws Exception {
        MadeUpCustomers customers = new MadeUpCustomers();
        String ids = "["
                + String.join(
                        ", ",
                        IntStream.range(0, 40).mapToObj(i -> "\"d-" + i + "\"").toList()) + "]";
        caller.store(customers.events("d", 0, 40));
        String request = "{\"customers\": {\"ids\": " + ids + "}, \"at\": \"" + AT + "\"";
        JsonNode before = done(request + "}");
        assertThat(rows(before)).hasSize(40);
        caller.store(MadeUpCustomers.event(
                "d-3", "late", "coupon_redemption", MadeUpCustomers.TIME.minus(Duration.ofDays(1))));
        caller.store(MadeUpCustomers.objection("d-5", Instant.parse("2026-05-01T00:00:00Z")));
        String since = ", \"changed_since\": \"" + before.path("id").asText() + "\"}";
        JsonNode after = done(request + since);
        JsonNode single = caller.get("/v1/scores/d-3?at=" + AT).json();
        assertThat(single.path("engagement").asInt()).isGreaterThanOrEqualTo(30);
        assertThat(rows(after).keySet()).containsExactly("d-3");
        assertThat(after.path("counts").path("outcomes").path("unchanged").asInt())
                .isEqualTo(38);
        Path left =
                folder.resolve("audiences").resolve(after.path("id").asText()).resolve("left.csv");
        assertThat(Files.readAllLines(left)).containsExactly("customer_id", "d-5");
        assertThat(caller.get("/v1/audiences/" + after.path("id").asText() + "/left")
                        .text())
                .contains("d-5");
    }

    @Test
    void range_isAPieceOfThePart() throws Exception {
        JsonNode job = done("{\"customers\": {\"ids\": [\"c-8\"]}}");
        byte[] whole = part(job, 1);
        String path = "/v1/audiences/" + job.path("id").asText() + "/parts/1";
        Reply piece = caller.send(caller.request(path).header("Range", "bytes=3-9"));
        assertThat(piece.status()).isEqualTo(206);
        assertThat(piece.header("content-range")).isEqualTo("bytes 3-9/" + whole.length);
        assertThat(piece.text()).isEqualTo(new String(whole, 3, 7, StandardCharsets.UTF_8));
        Reply end = caller.send(caller.request(path).header("Range", "bytes=-5"));
        assertThat(end.text()).isEqualTo(new String(whole, whole.length - 5, 5, StandardCharsets.UTF_8));
        Reply rest = caller.send(caller.request(path).header("Range", "bytes=10-"));
        assertThat(rest.body()).hasSize(whole.length - 10);
        assertThat(caller.send(caller.request(path).header("Range", "bytes=" + whole.length + "-"))
                        .status())
                .isEqualTo(416);
        assertThat(caller.send(caller.request(path)
                                .header("If-None-Match", caller.get(path).header("etag")))
                        .status())
                .isEqualTo(304);
    }

    @Test
    void progress_isAStreamThatEndsWithTheJob() {
        JsonNode job = submit("{\"customers\": {\"all\": true}}");
        Reply stream = caller.get("/v1/audiences/" + job.path("id").asText() + "/progress");
        assertThat(stream.header("content-type")).startsWith("text/event-stream");
        List<String> data =
                stream.text().lines().filter(line -> line.startsWith("data:")).toList();
        assertThat(data.getLast()).contains("\"state\":\"done\"").contains("\"total\":");
    }

    @Test
    void list_hasAllJobs_andMetricsCountThem() {
        JsonNode job = done("{\"customers\": {\"ids\": [\"c-8\"]}}");
        JsonNode list = caller.get("/v1/audiences").json().path("audiences");
        List<String> ids = new ArrayList<>();
        list.forEach(one -> ids.add(one.path("id").asText()));
        assertThat(ids).contains(job.path("id").asText());
        assertThat(caller.metric("scorecast_audience_jobs{state=\"done\"}")).isPositive();
    }

    @Test
    void cancelled_leavesNothingHalfWritten_andResumes() throws Exception {
        Path ids = files.resolve("many.txt");
        caller.store(new MadeUpCustomers().events("d-x", 0, 2));
        // Enough unknown ones that the job is still running when it is cancelled.
        Files.write(
                ids,
                () -> IntStream.range(0, 400_000)
                        .mapToObj(i -> (CharSequence)
                                (i == 7 ? "d-x-1" : i % 2 == 0 ? "c-" + i % CUSTOMERS + (i / CUSTOMERS % 9) : "u-" + i))
                        .iterator());
        String id = submit("{\"customers\": {\"file\": \"many.txt\"}, \"at\": \"" + AT
                        + "\", \"output\": {\"rows_per_part\": 20}}")
                .path("id")
                .asText();
        JsonNode job;
        do {
            job = caller.get("/v1/audiences/" + id).json();
        } while (job.path("done").asLong() == 0 && !job.path("state").asText().equals("done"));
        assertThat(caller.bare("DELETE", "/v1/audiences/" + id).status()).isEqualTo(202);
        JsonNode ended = await(id);
        assertThat(ended.path("state").asText()).isEqualTo("cancelled");
        assertThat(ended.path("done").asLong()).isLessThan(ended.path("total").asLong());
        try (var files = Files.walk(folder.resolve("audiences").resolve(id))) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.endsWith(".part"));
        }
        // What is left to do is kept too.
        assertThat(caller.bare("DELETE", "/v1/customers/d-x-1").status()).isEqualTo(200);
        assertNoTrace("d-x-1");
        assertThat(caller.bare("POST", "/v1/audiences/" + id + "/resume").status())
                .isEqualTo(202);
        JsonNode done = await(id);
        assertThat(done.path("state").asText()).isEqualTo("done");
        Map<String, NamedCsvRecord> rows = rows(done);
        assertThat(rows).doesNotContainKey("d-x-1");
        // One less where the erased one was through already.
        assertThat(rows.size() + done.path("rejected").asLong())
                .isBetween(done.path("total").asLong() - 1, done.path("total").asLong());
        assertNoTrace("d-x-1");
    }

    /** No file of any job has the text in it; packed ones are to be looked at by the caller. */
    private static void assertNoTrace(String text) throws IOException {
        int looked = 0;
        try (var found = Files.walk(folder.resolve("audiences"))) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(text);
                looked++;
            }
        }
        assertThat(looked).isPositive();
    }

    @Test
    void erased_customersLeaveWhatIsKept() throws Exception {
        caller.store(new MadeUpCustomers().events("d-e", 0, 12));
        String request = "{\"customers\": {\"ids\": [\"nobody-e\", "
                + String.join(
                        ", ",
                        IntStream.range(0, 12)
                                .mapToObj(i -> "\"d-e-" + i + "\"")
                                .toList())
                + "]}, \"at\": \"" + AT + "\"";
        List<String> jobs = new ArrayList<>();
        for (String output : List.of(
                "{\"rows_per_part\": 5}",
                "{\"format\": \"ndjson\", \"gzip\": true}",
                "{\"preset\": \"braze-cdi\", \"gzip\": true}",
                "{\"format\": \"parquet\"}")) {
            jobs.add(done(request + ", \"output\": " + output + "}").path("id").asText());
        }
        Map<String, NamedCsvRecord> before = rows(await(jobs.getFirst()));
        assertThat(before).hasSize(12);

        assertThat(caller.bare("DELETE", "/v1/customers/d-e-5").status()).isEqualTo(200);
        assertThat(caller.bare("DELETE", "/v1/customers/nobody-e").status()).isEqualTo(200);

        assertNoTrace("d-e-5");
        assertNoTrace("nobody-e");
        before.remove("d-e-5");
        Map<String, NamedCsvRecord> after = rows(await(jobs.getFirst()));
        assertThat(after.keySet()).isEqualTo(before.keySet());
        after.forEach((customer, row) ->
                assertThat(row.getFields()).isEqualTo(before.get(customer).getFields()));
        for (String id : jobs) {
            JsonNode job = await(id);
            JsonNode manifest = caller.get("/v1/audiences/" + id + "/manifest").json();
            assertThat(job.path("rows").asInt()).isEqualTo(11);
            assertThat(manifest.path("rows").asInt()).isEqualTo(11);
            assertThat(manifest.path("parts").findValuesAsText("sha256"))
                    .isEqualTo(job.path("parts").findValuesAsText("sha256"));
            assertThat(rejected(job)).isEmpty();
        }
        for (String id : jobs.subList(1, 3)) {
            byte[] text = new GZIPInputStream(new ByteArrayInputStream(part(await(id), 1))).readAllBytes();
            assertThat(new String(text, StandardCharsets.UTF_8))
                    .contains("d-e-4", "d-e-6")
                    .doesNotContain("d-e-5");
        }
        Path file = folder.resolve("erased.parquet");
        Files.write(file, part(await(jobs.getLast()), 1));
        try (java.sql.Connection duckdb = java.sql.DriverManager.getConnection("jdbc:duckdb:");
                java.sql.Statement statement = duckdb.createStatement();
                java.sql.ResultSet table = statement.executeQuery(
                        "select count(*), count(*) filter (customer_id = 'd-e-5') from '" + file + "'")) {
            assertThat(table.next()).isTrue();
            assertThat(table.getInt(1)).isEqualTo(11);
            assertThat(table.getInt(2)).isZero();
        }
        JsonNode delta = done(request.replace("\"d-e-5\", ", "") + ", \"changed_since\": \"" + jobs.getFirst() + "\"}");
        assertThat(rows(delta)).isEmpty();
        assertThat(caller.get("/v1/audiences/" + delta.path("id").asText() + "/left")
                        .text())
                .isEqualTo("customer_id\r\n");
    }

    @Test
    void catalogue_isInTheFilesAndInWhatIsKeptForTheSend() throws Exception {
        JsonNode plain = caller.get("/v1/scores/c-20?at=" + AT).json();
        String shown = plain.path("item_1_id").asText();
        String gone = plain.path("item_2_id").asText();
        assertThat(caller.send(
                                "PUT",
                                "/v1/products",
                                "application/json",
                                BodyPublishers.ofString("[{\"product_id\": \"" + shown
                                        + "\", \"title\": \"Own, title\", \"url\": \"https://s/1\", \"price\": 3.5},"
                                        + " {\"product_id\": \"" + gone + "\", \"in_stock\": false}]"))
                        .status())
                .isEqualTo(200);
        JsonNode job = done("{\"customers\": {\"ids\": [\"c-20\", \"c-21\"]}, \"warm_cache\": true}");
        Map<String, NamedCsvRecord> rows = rows(job);
        assertThat(rows.get("c-20").getFields())
                .contains("Own, title", "3.5", "https://s/1")
                .doesNotContain(gone);
        for (Map.Entry<String, NamedCsvRecord> row : rows.entrySet()) {
            Reply reply = caller.score(row.getKey());
            assertThat(reply.header("scorecast-cache")).isEqualTo("redis");
            int compared = 0;
            for (Map.Entry<String, JsonNode> field : reply.json().properties()) {
                if (!field.getValue().isContainerNode()) {
                    assertThat(row.getValue().getField(field.getKey())).isEqualTo(cell(field.getValue()));
                    compared++;
                }
            }
            assertThat(compared).isGreaterThan(15);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"customers\": {\"all\": true, \"segment\": \"x\"}}",
                "{\"customers\": {\"segment\": \"nothing\"}}",
                "{\"customers\": {\"file\": \"/no/such/file\"}}",
                "{\"customers\": {\"all\": true}, \"where\": \"clv_90dd > 3\"}",
                "{\"customers\": {\"all\": true}, \"where\": \"clv_90d +\"}",
                "{\"customers\": {\"all\": true}, \"top\": {\"n\": 0, \"by\": \"clv_90d\"}}",
                "{\"customers\": {\"all\": true}, \"output\": {\"preset\": \"bras\"}}",
                "{\"customers\": {\"all\": true}, \"output\": {\"columns\": [\"clv\"]}}",
                "{\"customers\": {\"all\": true}, \"output\": {\"columns\": [\"clv_90d\", \"decision=clv_90d\"]}}",
                "{\"customers\": {\"all\": true}, \"changed_since\": \"nothing\"}",
                "{\"customers\": {\"all\": true}, \"wher\": \"true\"}",
                "{\"customers\": {\"all\": true}, \"warm_seconds\": 90000}",
                "{\"customers\": {\"all\": true}, \"warm_cache\": true, \"at\": \"2026-01-01T00:00:00Z\"}",
                "{\"customers\": {\"all\": true}, \"output\": {\"gzip\": true, \"zstd\": true}}"
            })
    void wrongRequest_isRefusedByName(String body) {
        int before = caller.get("/v1/audiences").json().path("audiences").size();
        Reply reply = caller.post("/v1/audiences", body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.json().path("field").asText()).isNotEmpty();
        assertThat(caller.get("/v1/audiences").json().path("audiences").size()).isEqualTo(before);
    }

    @Test
    void zstd_isAPackedPartThatErasureReadsToo() throws Exception {
        caller.store(new MadeUpCustomers().events("d-z", 0, 3));
        JsonNode job = done("{\"customers\": {\"ids\": [\"d-z-0\", \"d-z-1\", \"d-z-2\"]}, \"output\": {\"zstd\": true,"
                + " \"columns\": [\"customer_id\"]}}");
        assertThat(job.path("parts").path(0).path("name").asText()).isEqualTo("part-00001.csv.zst");
        assertThat(caller.bare("DELETE", "/v1/customers/d-z-1").status()).isEqualTo(200);
        byte[] packed = part(await(job.path("id").asText()), 1);
        try (ZstdInputStream text = new ZstdInputStream(new ByteArrayInputStream(packed))) {
            assertThat(new String(text.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("customer_id\r\nd-z-0\r\nd-z-2\r\n");
        }
    }

    /** The kept answer outlives --max-age, where time alone does not change it before. */
    @Test
    void warmSeconds_keepForASend() {
        done("{\"customers\": {\"ids\": [\"c-13\"]}, \"warm_seconds\": 7200}");
        assertThat(caller.score("c-13").header("scorecast-cache")).isEqualTo("redis");
        long millis;
        try (Jedis direct = new Jedis(redis.url())) {
            String key = direct.keys("sc1:{c-13}:s:*").iterator().next();
            millis = direct.pttl(key);
        }
        assertThat(millis)
                .isBetween(
                        Duration.ofMinutes(16).toMillis(), Duration.ofHours(2).toMillis());
    }

    @Test
    void warmCache_answersTheNextRequestFromRedis() {
        JsonNode job = done("{\"customers\": {\"ids\": [\"c-11\", \"c-12\"]}, \"warm_cache\": true}");
        Reply reply = caller.score("c-11");
        assertThat(reply.header("scorecast-cache")).isEqualTo("redis");
        assertThat(reply.json().path("as_of").asText()).isEqualTo(job.path("at").asText());
    }
}
