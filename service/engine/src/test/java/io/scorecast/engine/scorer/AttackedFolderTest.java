package io.scorecast.engine.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.ModelRuntime;
import io.scorecast.engine.model.ModelSignature;
import io.scorecast.engine.model.OpenRequest;
import io.scorecast.engine.model.Pace;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders that somebody has spoilt, by accident or not: each is refused with a problem, and nothing stays open. */
@Timeout(120)
class AttackedFolderTest {

    @TempDir
    private Path models;

    private final AtomicInteger open = new AtomicInteger();
    private long filesBefore;

    private final Gate gate = new Gate(
            ScorerSettings.DEFAULT,
            ScorerLoader.runtimes().stream()
                    .map(runtime -> (ModelRuntime) new Counting(runtime))
                    .toList());

    /** Counts the models that the gate opens and nobody has closed. */
    private final class Counting implements ModelRuntime {

        private final ModelRuntime runtime;

        Counting(ModelRuntime runtime) {
            this.runtime = runtime;
        }

        @Override
        public String name() {
            return runtime.name();
        }

        @Override
        public @Nullable Model open(OpenRequest request, Problems inputs, Problems file) {
            Model model = runtime.open(request, inputs, file);
            if (model == null) {
                return null;
            }
            open.incrementAndGet();
            return new Model() {
                @Override
                public ModelSignature signature() {
                    return model.signature();
                }

                @Override
                public String engine() {
                    return model.engine();
                }

                @Override
                public void predict(ModelBatch batch) {
                    model.predict(batch);
                }

                @Override
                public void close() {
                    open.decrementAndGet();
                    model.close();
                }
            };
        }

        @Override
        public String crossCheck(OpenRequest request, Model model, int rows, long seed, Problems problems) {
            return runtime.crossCheck(request, model, rows, seed, problems);
        }
    }

    private static long openFiles() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    /** Libraries load and keep files of their own at the first use. */
    @BeforeAll
    static void loadLibraries() {
        Gate gate = new Gate(ScorerSettings.DEFAULT, ScorerLoader.runtimes());
        for (String model : List.of("churn/1", "next-product/1")) {
            Gate.Result result = gate.check(VersionFolder.MODELS.resolve(model));
            assertThat(result.version()).isNotNull();
            result.version().close();
        }
    }

    @BeforeEach
    void count() {
        filesBefore = openFiles();
    }

    @AfterEach
    void nothingStaysOpen() {
        assertThat(open).hasValue(0);
        assertThat(openFiles()).isLessThanOrEqualTo(filesBefore + 2);
    }

    private List<String> problems(VersionFolder folder) {
        Gate.Result result = gate.check(folder.path);
        assertThat(result.version()).isNull();
        assertThat(result.report().passed()).isFalse();
        assertThat(result.report().problems()).isNotEmpty().allSatisfy(problem -> {
            assertThat(problem.message()).isNotBlank().doesNotContain("the check cannot be ended");
        });
        return result.report().problems().stream().map(Problem::toString).toList();
    }

    /** Passes or is refused, but in order: for changes that may leave the version as good as it was. */
    private void settled(VersionFolder folder) {
        Gate.Result result = gate.check(folder.path);
        assertThat(result.report().problems())
                .allSatisfy(problem ->
                        assertThat(problem.message()).isNotBlank().doesNotContain("the check cannot be ended"));
        assertThat(result.version() == null).isNotEqualTo(result.report().passed());
        if (result.version() != null) {
            result.version().close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"churn", "next-product"})
    void check_eachFileCutShort_isRefused(String model) throws Exception {
        VersionFolder folder = VersionFolder.copy(model, models);
        for (String name : folder.names()) {
            byte[] whole = folder.bytes(name);
            for (int step = 0; step < 8; step++) {
                folder.write(name, Arrays.copyOf(whole, whole.length * step / 8));
                assertThat(problems(folder))
                        .anySatisfy(text -> assertThat(text).contains("churn/2".replace("churn", model)));
            }
            folder.write(name, whole);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"churn", "next-product"})
    void check_eachFileCutShortWithRightHashes_isSettled(String model) throws Exception {
        VersionFolder folder = VersionFolder.copy(model, models);
        for (String name : folder.names()) {
            byte[] whole = folder.bytes(name);
            for (int step = 0; step < 6 && !name.equals("SHA256SUMS"); step++) {
                folder.write(name, Arrays.copyOf(whole, whole.length * step / 6));
                folder.seal();
                if (name.startsWith("model.") && !name.endsWith("yaml")) {
                    assertThat(problems(folder)).isNotEmpty();
                } else {
                    settled(folder);
                }
            }
            folder.write(name, whole);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"churn", "next-product"})
    void check_oneBitFlippedInEachFile_isRefused(String model) throws Exception {
        VersionFolder folder = VersionFolder.copy(model, models);
        SplittableRandom random = new SplittableRandom(3);
        for (String name : folder.names()) {
            byte[] whole = folder.bytes(name);
            for (int i = 0; i < 4; i++) {
                byte[] flipped = whole.clone();
                flipped[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
                folder.write(name, flipped);
                if (name.equals("SHA256SUMS")) {
                    settled(folder);
                } else {
                    assertThat(problems(folder))
                            .anySatisfy(text -> assertThat(text).contains("the file is not the one that was exported"));
                }
            }
            folder.write(name, whole);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"churn", "next-product"})
    void check_bytesChangedWithRightHashes_isSettled(String model) throws Exception {
        VersionFolder folder = VersionFolder.copy(model, models);
        SplittableRandom random = new SplittableRandom(4);
        for (String name : folder.names()) {
            byte[] whole = folder.bytes(name);
            for (int i = 0; i < 8 && !name.equals("SHA256SUMS"); i++) {
                byte[] changed = whole.clone();
                for (int n = random.nextInt(1, 4); n > 0; n--) {
                    changed[random.nextInt(whole.length)] = (byte) random.nextInt(256);
                }
                folder.write(name, changed);
                folder.seal();
                settled(folder);
            }
            folder.write(name, whole);
        }
    }

    @Test
    void check_aDigitChangedInTheManifest_isRefused() throws Exception {
        VersionFolder folder = VersionFolder.copy("churn", models);
        String manifest = folder.text("model.yaml");
        for (int i = 0; i < manifest.length(); i += 67) {
            if (Character.isDigit(manifest.charAt(i))) {
                char other = manifest.charAt(i) == '9' ? '8' : (char) (manifest.charAt(i) + 1);
                folder.write("model.yaml", manifest.substring(0, i) + other + manifest.substring(i + 1));
                assertThat(problems(folder)).isNotEmpty();
            }
        }
    }

    @Test
    void check_symbolicLinks_leadNowhere() throws Exception {
        VersionFolder folder = VersionFolder.copy("churn", models);
        String sums = folder.text("SHA256SUMS");
        Path outside = Files.copy(folder.file("model.ubj"), models.resolve("outside.ubj"));
        Files.delete(folder.file("model.ubj"));
        Files.createSymbolicLink(folder.file("model.ubj"), outside);
        assertThat(problems(folder)).anySatisfy(text -> assertThat(text).contains("is a link that leads out"));
        Files.delete(folder.file("model.ubj"));
        Files.createSymbolicLink(folder.file("model.ubj"), Path.of("model.ubj"));
        assertThat(problems(folder)).anySatisfy(text -> assertThat(text).contains("'model.ubj' cannot be followed"));
        Files.delete(folder.file("model.ubj"));
        Files.createSymbolicLink(folder.file("model.ubj"), Path.of("/dev/zero"));
        assertThat(problems(folder)).isNotEmpty();
        Files.delete(folder.file("model.ubj"));
        Files.copy(outside, folder.file("model.ubj"));
        Files.createSymbolicLink(folder.file("again"), folder.path);
        assertThat(problems(folder))
                .anySatisfy(text -> assertThat(text).contains("churn/2/again: the file is not listed"));
        folder.write("SHA256SUMS", sums + "0".repeat(64) + "  again/model.yaml\n");
        assertThat(problems(folder)).isNotEmpty();
        Files.delete(folder.file("again"));
        // A named pipe would keep a reader waiting for ever.
        Files.delete(folder.file("golden.ndjson"));
        assertThat(new ProcessBuilder("mkfifo", folder.file("golden.ndjson").toString())
                        .start()
                        .waitFor())
                .isZero();
        folder.write("SHA256SUMS", sums);
        assertThat(problems(folder)).anySatisfy(text -> assertThat(text).contains("'golden.ndjson' is no file"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../1/model.ubj",
                "/etc/passwd",
                "a/../../2/model.ubj",
                ".hidden.ubj",
                "",
                ".",
                "..",
                "model.ubj/x",
                "a\\\\..\\\\b"
            })
    void check_modelFileElsewhere_isRefused(String name) throws Exception {
        VersionFolder folder = VersionFolder.copy("churn", models);
        Files.copy(folder.file("model.ubj"), folder.file(".hidden.ubj"));
        folder.write("model.yaml", folder.text("model.yaml").replace("file: model.ubj", "file: \"" + name + "\""));
        folder.seal();
        assertThat(problems(folder)).anySatisfy(text -> assertThat(text).contains("churn/2/model.yaml:6"));
    }

    @Test
    void check_hugeFile_isRefusedWithoutReadingIt() throws Exception {
        VersionFolder folder = VersionFolder.copy("churn", models);
        for (String name : List.of("model.ubj", "golden.ndjson", "model.yaml", "SHA256SUMS")) {
            byte[] whole = folder.bytes(name);
            try (RandomAccessFile file = new RandomAccessFile(folder.file(name).toFile(), "rw")) {
                file.setLength(2L << 30);
            }
            long start = System.nanoTime();
            assertThat(problems(folder)).anySatisfy(text -> assertThat(text).contains("2147483648 bytes"));
            assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
            folder.write(name, whole);
        }
    }

    @Test
    void check_hostileYaml_isRefused() throws Exception {
        VersionFolder folder = VersionFolder.copy("churn", models);
        String manifest = folder.text("model.yaml");
        StringBuilder laughs = new StringBuilder("\nlimits:\n  a0: &a0 [lol, lol]\n");
        for (int i = 1; i < 40; i++) {
            laughs.append("  a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        // Few enough aliases for the parser, 2^22 nodes for whoever walks them.
        StringBuilder few = new StringBuilder("\ntraining:\n  a0: &a0 [lol, lol]\n");
        for (int i = 1; i < 24; i++) {
            few.append("  a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        for (String hostile : List.of(
                manifest + laughs,
                manifest.replaceFirst("(?ms)^training:.*?^(?=\\S)", "") + few,
                manifest + "\nlimits: &l {latency_ms: *l}\n",
                manifest + "\nlimits: !!javax.script.ScriptEngineManager [x]\n",
                manifest + "\nlimits: !<tag:yaml.org,2002:java.net.URL> ['http://127.0.0.1:9/']\n",
                manifest + "\nname: churn\n",
                manifest.replace("schema: 1", "schema: 1\nschema: 1"),
                "[".repeat(100_000),
                "{a: ".repeat(10_000),
                "- ".repeat(10_000) + "x",
                "\u0000\u0001",
                "%YAML 9.9\n---\n" + manifest,
                manifest + "\n---\nname: second\n",
                "--- |\n",
                "",
                "null",
                "~")) {
            folder.write("model.yaml", hostile);
            folder.seal();
            assertThat(problems(folder))
                    .as(hostile.substring(0, Math.min(40, hostile.length())))
                    .isNotEmpty();
        }
        byte[] latin = manifest.replace("description: ", "description: \u00fc ").getBytes(StandardCharsets.ISO_8859_1);
        folder.write("model.yaml", latin);
        folder.seal();
        assertThat(problems(folder)).anySatisfy(text -> assertThat(text).contains("'model.yaml' is not UTF-8 text"));
    }

    @Test
    void check_hostileChecksums_areRefused() throws Exception {
        VersionFolder folder = VersionFolder.copy("churn", models);
        String sums = folder.text("SHA256SUMS");
        String first = sums.lines().findFirst().orElseThrow();
        for (String hostile : List.of(
                sums + first + "\n",
                sums + "0".repeat(64) + "  ../../secret\n",
                sums + "0".repeat(64) + "  /etc/passwd\n",
                sums + "0".repeat(64) + "  SHA256SUMS\n",
                sums.replace(first, "0".repeat(63) + " " + first),
                ("0".repeat(64) + "  x\n").repeat(5000),
                "",
                "\n\n",
                "\u0000")) {
            folder.write("SHA256SUMS", hostile);
            assertThat(problems(folder)).isNotEmpty();
        }
    }

    @Test
    void check_hostileExamples_areRefused() throws Exception {
        VersionFolder folder = VersionFolder.copy("churn", models);
        String good = folder.text("golden.ndjson");
        for (String hostile : List.of(
                "[".repeat(100_000),
                "{\"customer_id\":\"a\",\"events\":" + "[".repeat(100_000),
                "{\"customer_id\":\"a\",\"events\":[],\"raw\":" + "{\"a\":".repeat(100_000),
                "{\"customer_id\":\"a\",\"at\":\"+999999999-01-01T00:00:00Z\",\"events\":[]}",
                "{\"customer_id\":\"a\",\"at\":99999999999999999999,\"events\":[]}",
                "{\"customer_id\":\"a\",\"at\":{},\"events\":[]}",
                "{\"customer_id\":\"a\",\"events\":[],\"raw\":{\"p_lapse_28d\":1e999}}",
                "{\"customer_id\":\"a\"",
                "{}",
                "null",
                "\u0000")) {
            folder.write("golden.ndjson", good + hostile + "\n");
            folder.seal();
            assertThat(problems(folder))
                    .as(hostile.substring(0, Math.min(60, hostile.length())))
                    .anySatisfy(text -> assertThat(text).startsWith("churn/2/golden.ndjson:4"));
        }
    }

    @Test
    void check_noFolder_isRefused() {
        Gate.Result result = gate.check(models.resolve("churn/9"), Pace.NONE, Verdicts.inMemory());
        assertThat(result.version()).isNull();
        assertThat(result.report().problems())
                .anySatisfy(problem -> assertThat(problem.message()).isEqualTo("there is no such folder"));
    }
}
