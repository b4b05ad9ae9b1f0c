package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventError;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.event.EventSink;
import io.scorecast.engine.event.EventTime;
import io.scorecast.engine.event.InvalidEventException;
import io.scorecast.engine.event.MalformedEventsException;
import io.scorecast.engine.feature.FeaturePlan;
import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.model.FolderReader;
import io.scorecast.engine.model.Manifest;
import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.OpenRequest;
import io.scorecast.engine.model.OutputSpec;
import io.scorecast.engine.model.Pace;
import io.scorecast.engine.model.forest.BoosterFile;
import io.scorecast.engine.model.forest.ForestModel;
import io.scorecast.engine.model.onnx.OnnxRuntime;
import io.scorecast.engine.policy.Policy;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.profile.CarryOver;
import io.scorecast.engine.profile.LogCompaction;
import io.scorecast.engine.profile.LogHeader;
import io.scorecast.engine.profile.LogLimits;
import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.ProfileDecoder;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.engine.profile.SourcePriority;
import io.scorecast.server.cli.TestService;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every reader of the engine: events, logs, manifests, policies and boosters are taken or refused, and nothing else. */
@Timeout(3_600)
class EngineFuzzTest {

    private static final long NOW = Instant.parse("2026-11-25T12:00:00Z").toEpochMilli();
    private static final CustomerId CUSTOMER = CustomerId.of("c-17");
    private static final Path BOOSTERS = Path.of("../engine/src/test/resources/io/scorecast/engine/model/xgboost");
    private static final Path ONNX = Path.of("../engine/src/test/resources/io/scorecast/engine/model/onnx");
    private static final String[] FIELDS = {
        "\"id\":",
        "\"time\":",
        "\"customer_id\":",
        "\"attributes\":",
        "\"retract\"",
        "\"consent\"",
        "\"return\"",
        "{\"a.b\":1}"
    };

    private static final List<String> EVENTS = List.of("""
            {"id": "e-81", "customer_id": "c-17", "type": "purchase", "time": "2026-11-20T10:15:00Z",
             "product_id": "p-9", "category": "grocery/dairy/milk", "value": 3.49, "quantity": 1,
             "order_id": "o-5", "session_id": "s-2", "attributes": {"channel": "web"}, "source": "shop"}""", """
            {"id":"7b0f4a6e-9d0f-4a57-8a43-0a0f64f8b3a1","customer_id":"c-17","type":"attributes","time":1795169700000,"attributes":{"loyalty":{"tier":"gold","points":120.5},"tags":["a",1,null,{"b":false}],"gone":null}}""", """
            {"id":"c","customer_id":"c-17","type":"consent","time":1795169700000.5,"attributes":{"email":true,"profiling":false}}""", """
            {"id":"r","customer_id":"c-17","type":"retract","time":"2026-11-20T12:15:00.123456+02:00","attributes":{"event_id":"e-81"}}""");

    @TempDir
    Path folder;

    private static final class Heard implements EventSink {
        final List<Event> events = new ArrayList<>();
        final List<EventError> errors = new ArrayList<>();

        @Override
        public void event(int index, Event event, long arrival) {
            events.add(event);
        }

        @Override
        public void error(EventError error) {
            assertThat(error.detail()).isNotBlank();
            errors.add(error);
        }
    }

    /** What was taken can be stored, read again, and given out. */
    private static void keep(List<Event> events) {
        byte[] log = ProfileLog.of(1, events, event -> NOW);
        assertThat(ProfileLog.isBroken(log, 0, log.length)).isFalse();
        assertThat(ProfileLog.count(log, 0, log.length)).isEqualTo(events.size());
        read(log);
    }

    private static void read(byte[] log) {
        CustomerId customer = CUSTOMER;
        ProfileLog.headerOf(log, 0, log.length);
        ProfileLog.erasedAt(log, 0, log.length);
        CarryOver.of(log, 0, log.length);
        int count = ProfileLog.count(log, 0, log.length);
        boolean broken = ProfileLog.isBroken(log, 0, log.length);
        assertThat(ProfileLog.events(customer, log, 0, log.length).size()).isLessThanOrEqualTo(count);
        Profile profile = ProfileDecoder.create(SourcePriority.NONE).decode(log, 0, log.length);
        profile.asOf(NOW, false);
        LogCompaction.Result result = new LogCompaction()
                .compact(
                        log,
                        0,
                        log.length,
                        new LogHeader(2, ProfileLog.erasedAt(log, 0, log.length)),
                        new LogLimits(50, 20_000));
        if (result instanceof LogCompaction.Compacted compacted) {
            assertThat(broken).isFalse();
            byte[] after = compacted.log();
            assertThat(ProfileLog.isBroken(after, 0, after.length)).isFalse();
        }
    }

    @Test
    void events() {
        List<String> corpus = new ArrayList<>(EVENTS);
        corpus.add("[" + String.join(",", EVENTS) + "]");
        Fuzzer.ofTexts(corpus, FIELDS).feed(input -> {
            Heard heard = new Heard();
            try {
                int count = EventJson.strict().readDocument(input, 0, input.length, NOW, heard);
                assertThat(heard.events.size() + heard.errors.size()).isEqualTo(count);
            } catch (MalformedEventsException e) {
                assertThat(e.detail()).isNotBlank();
            }
            keep(heard.events);
        });
    }

    @Test
    void eventLines() {
        String lines = String.join(
                "\n", EVENTS.stream().map(event -> event.replace("\n", "")).toList());
        Fuzzer.ofTexts(List.of(lines, lines.replace("\n", "\r\n\r\n")), FIELDS)
                // A parser for each line, of which there may be very many; what is allocated is garbage at once.
                .allowing(512L << 20)
                .feed(input -> {
                    Heard heard = new Heard();
                    int count = EventJson.strict().readLines(new ByteArrayInputStream(input), NOW, heard);
                    assertThat(heard.events.size() + heard.errors.size()).isEqualTo(count);
                    keep(heard.events);
                });
    }

    @Test
    void idsAndTimes() {
        Fuzzer.ofTexts(
                        List.of("a+b@x.com", "2026-11-20T10:15:00.123+02:00", "1795169700000", "ключ/日本語"),
                        "T",
                        "Z",
                        "+14:00",
                        "60")
                .feed(input -> {
                    String text = new String(input, StandardCharsets.UTF_8);
                    try {
                        CustomerId id = CustomerId.of(text);
                        assertThat(id.value().getBytes(StandardCharsets.UTF_8).length)
                                .isBetween(1, 128);
                    } catch (InvalidEventException e) {
                        assertThat(e.detail()).isNotBlank();
                    }
                    try {
                        EventTime.accept(EventTime.parse(text), NOW);
                    } catch (InvalidEventException e) {
                        assertThat(e.detail()).isNotBlank();
                    }
                });
    }

    @Test
    void profileLogs() {
        Heard heard = new Heard();
        for (String event : EVENTS) {
            byte[] json = event.getBytes(StandardCharsets.UTF_8);
            EventJson.strict().readDocument(json, 0, json.length, NOW, heard);
        }
        List<Event> many = new ArrayList<>(heard.events);
        for (int i = 0; i < 40; i++) {
            many.add(Event.builder()
                    .id("e-" + i)
                    .customer(CUSTOMER)
                    .type("purchase")
                    .time(NOW - i * 86_400_000L)
                    .product("p-" + i % 7)
                    .category("grocery/dairy")
                    .value(i)
                    .build(NOW));
        }
        FeatureSet features = shippedFeatures();
        FeaturePlan plan = FeaturePlan.of(List.of(features));
        FeaturePlan.State state = plan.newState();
        float[] row = new float[features.width()];
        ProfileDecoder decoder = ProfileDecoder.create(SourcePriority.NONE);
        new Fuzzer(List.of(ProfileLog.of(1, heard.events, e -> NOW), ProfileLog.of(1, many, e -> NOW))).feed(log -> {
            read(log);
            // As in service: one decoder and one state for all customers.
            Profile profile = decoder.decode(log, 0, log.length);
            for (long at : new long[] {NOW, EventTime.LATEST, EventTime.EARLIEST}) {
                profile.asOf(at, false);
                plan.compute(profile, state);
                plan.reader(features).write(state, row, 0);
                for (float number : row) {
                    assertThat(Float.isInfinite(number)).isFalse();
                }
            }
        });
    }

    private static FeatureSet shippedFeatures() {
        Problems problems = new Problems();
        FolderReader reader = new FolderReader(TestService.SHIPPED_MODELS.resolve("churn/1"), Pace.NONE, problems);
        reader.hashes();
        reader.manifest();
        return Objects.requireNonNull(reader.features());
    }

    /** Writes files and their right hashes: what is read after them must hold by itself. */
    private static void seal(Path version, String name, byte[] content) throws Exception {
        Files.write(version.resolve(name), content);
        StringBuilder sums = new StringBuilder();
        try (Stream<Path> files = Files.list(version)) {
            for (Path file : files.sorted().toList()) {
                if (!file.endsWith("SHA256SUMS")) {
                    byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                    sums.append(HexFormat.of().formatHex(hash))
                            .append("  ")
                            .append(file.getFileName())
                            .append('\n');
                }
            }
        }
        Files.writeString(version.resolve("SHA256SUMS"), sums);
    }

    private static void assertSaid(List<Problem> problems) {
        assertThat(problems)
                .isNotEmpty()
                .allSatisfy(
                        problem -> assertThat(problem.message()).isNotBlank().doesNotContain("Exception"));
    }

    @Test
    void manifests() throws Exception {
        List<byte[]> corpus = new ArrayList<>();
        for (String model : List.of("churn/1", "clv/1", "next-product/1")) {
            corpus.add(
                    Files.readAllBytes(TestService.SHIPPED_MODELS.resolve(model).resolve("model.yaml")));
        }
        Path version = Files.createDirectories(folder.resolve("churn/1"));
        new Fuzzer(
                        corpus,
                        "kind: ",
                        "window: 30d",
                        "&a [*a]",
                        "<<: *a",
                        "!!binary ",
                        "features:",
                        "0x7fffffff",
                        "1_000",
                        "~")
                .oneIn(4)
                .feed(input -> {
                    seal(version, "model.yaml", input);
                    Problems problems = new Problems();
                    FolderReader reader = new FolderReader(version, Pace.NONE, problems);
                    reader.hashes();
                    Manifest manifest = reader.manifest();
                    FeatureSet features = manifest == null ? null : reader.features();
                    if (features == null) {
                        assertSaid(problems.list());
                    } else {
                        FeaturePlan.of(List.of(features)).newState();
                    }
                });
    }

    @Test
    void policies() throws Exception {
        List<OutputSpec> outputs = new ArrayList<>();
        for (String model : List.of("churn/1", "clv/1", "propensity/1", "next-product/1")) {
            Problems problems = new Problems();
            FolderReader reader = new FolderReader(TestService.SHIPPED_MODELS.resolve(model), Pace.NONE, problems);
            reader.hashes();
            outputs.addAll(Objects.requireNonNull(
                            reader.manifest(), () -> problems.list().toString())
                    .outputs());
        }
        byte[] good = Files.readAllBytes(TestService.SHIPPED_MODELS.resolve("policy/1/policy.yaml"));
        Path version = Files.createDirectories(folder.resolve("policy/1"));
        new Fuzzer(
                        List.of(good),
                        "when: ",
                        "&a [*a]",
                        "!!set ",
                        " && ",
                        " || ",
                        "missing(",
                        "(",
                        ")",
                        "!",
                        "in segments",
                        ".under(",
                        "?",
                        "-")
                .oneIn(4)
                .allowing(256L << 20)
                .feed(input -> {
                    seal(version, "policy.yaml", input);
                    Problems problems = new Problems();
                    if (Policy.read(version, outputs, problems) == null) {
                        assertSaid(problems.list());
                    }
                });
    }

    @Test
    void boosters() throws IOException {
        List<byte[]> corpus = new ArrayList<>();
        try (Stream<Path> files = Files.list(BOOSTERS)) {
            for (Path file : files.sorted().toList()) {
                String name = file.toString();
                if ((name.endsWith(".ubj") || name.endsWith(".json")) && Files.size(file) < 60_000) {
                    corpus.add(Files.readAllBytes(file));
                }
            }
        }
        assertThat(corpus).hasSizeGreaterThan(5);
        Path file = folder.resolve("model.ubj");
        new Fuzzer(corpus, "left_children", "[$l#L", "[$d#i", "num_feature", "tree_info", "{L", "SL", "C", "Z", "N")
                .feed(input -> {
                    Files.write(file, input);
                    Problems problems = new Problems();
                    BoosterFile booster = BoosterFile.read(file, "m/1/model.ubj", Pace.NONE, problems);
                    if (booster == null) {
                        assertSaid(problems.list());
                    } else if (booster.uncovered().isEmpty() && booster.width() < 10_000) {
                        predict(new ForestModel(booster, "features"), booster.width());
                    }
                });
    }

    /** ONNX Runtime reads them in native code: what it does not survive would end this very process. */
    @Test
    void onnxFiles() throws IOException {
        List<byte[]> corpus = new ArrayList<>();
        try (Stream<Path> files = Files.list(ONNX)) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".onnx") && Files.size(file) < 60_000) {
                    corpus.add(Files.readAllBytes(file));
                }
            }
        }
        assertThat(corpus).hasSizeGreaterThan(5);
        Path file = folder.resolve("model.onnx");
        OnnxRuntime runtime = new OnnxRuntime();
        List<OpenRequest.Input> inputs = List.of(new OpenRequest.Input("features", List.of("a", "b")));
        new Fuzzer(corpus, "ai.onnx.ml", "TreeEnsembleClassifier", "features", "location", "../../etc", "Loop")
                // A session for each.
                .oneIn(10)
                .feed(input -> {
                    Files.write(file, input);
                    Problems problems = new Problems();
                    Model model = runtime.open(new OpenRequest(file, "m/1/model.onnx", "", inputs), problems, problems);
                    if (model == null) {
                        assertSaid(problems.list());
                    } else {
                        model.close();
                    }
                });
    }

    private static void predict(ForestModel model, int width) {
        ModelBatch batch = new ModelBatch(model.signature(), 2);
        batch.begin(2);
        for (int i = 0; i < 2 * width; i++) {
            batch.floats(0)[i] = i % 3 == 0 ? Float.NaN : i;
        }
        model.predict(batch);
        model.close();
    }
}
