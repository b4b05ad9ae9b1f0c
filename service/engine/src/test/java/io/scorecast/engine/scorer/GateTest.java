package io.scorecast.engine.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.model.Pace;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.profile.SourcePriority;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {

    private static final List<String> STEPS = List.of(
            "hashes",
            "manifest",
            "features",
            "inputs",
            "model file",
            "golden examples",
            "second engine",
            "score distribution",
            "warm-up",
            "latency");

    @TempDir
    private Path models;

    private final Gate gate = new Gate(ScorerSettings.DEFAULT, ScorerLoader.runtimes());

    private GateReport refused(VersionFolder folder) {
        Gate.Result result = gate.check(folder.path);
        assertThat(result.version()).isNull();
        assertThat(result.report().passed()).isFalse();
        assertThat(result.report().checks()).extracting(GateReport.Check::name).isEqualTo(STEPS);
        return result.report();
    }

    private static List<String> failed(GateReport report) {
        return report.checks().stream()
                .filter(check -> !check.passed() && !check.detail().startsWith("not checked"))
                .map(GateReport.Check::name)
                .toList();
    }

    private static List<String> problems(GateReport report) {
        return report.problems().stream().map(Problem::toString).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"churn/1", "clv/1", "next-product/1", "next-product/2", "propensity/1", "propensity/2"})
    void check_shippedVersions_passEveryStep(String folder) {
        Gate.Result result = gate.check(VersionFolder.MODELS.resolve(folder));
        try (ModelVersion version = result.version()) {
            assertThat(result.report().problems()).isEmpty();
            assertThat(result.report().warnings()).isEmpty();
            assertThat(version).isNotNull();
            assertThat(result.report().checks())
                    .allSatisfy(check -> assertThat(check.passed()).isTrue())
                    .extracting(GateReport.Check::name)
                    .isEqualTo(STEPS);
        }
    }

    @Test
    void check_pausesBetweenSlicesOfWork() throws Exception {
        VersionFolder folder = VersionFolder.copy("churn", models);
        List<Long> slices = new ArrayList<>();
        long[] last = {System.nanoTime()};
        Pace pace = () -> {
            slices.add(System.nanoTime() - last[0]);
            last[0] = System.nanoTime();
        };
        // The first time classes are loaded and code is slow; a running service has done both.
        gate.check(folder.path).version().close();
        last[0] = System.nanoTime();
        gate.check(folder.path, pace, Verdicts.inMemory()).version().close();
        assertThat(slices).hasSizeGreaterThan(1000 / 16 + 10);
        long[] sorted = slices.stream().mapToLong(Long::longValue).sorted().toArray();
        assertThat(sorted[sorted.length * 8 / 10]).isLessThan(5_000_000L);
    }

    @Test
    void check_passedBefore_isOpenedAndWarmedUpOnly() throws Exception {
        VersionFolder folder = VersionFolder.copy("churn", models);
        Files.delete(folder.file("reference.json"));
        folder.seal();
        Verdicts passed = Verdicts.inMemory();
        gate.check(folder.path, Pace.NONE, passed).version().close();
        Gate.Result result = gate.check(folder.path, Pace.NONE, passed);
        try (ModelVersion version = result.version()) {
            assertThat(version).isNotNull();
            assertThat(result.report().warnings()).singleElement().asString().contains("no reference.json");
            assertThat(result.report().checks())
                    .extracting(GateReport.Check::name)
                    .isEqualTo(STEPS);
            assertThat(result.report().checks())
                    .filteredOn(check -> check.detail().endsWith(" (when it was proven)"))
                    .extracting(GateReport.Check::name)
                    .containsExactly("golden examples", "second engine", "score distribution", "latency");
            assertThat(result.report().checks().get(8).detail()).startsWith("18 customers");
        }
    }

    @Test
    void check_passedBeforeButChanged_isProvenAnew() throws Exception {
        VersionFolder folder = VersionFolder.copy("churn", models);
        Verdicts passed = Verdicts.inMemory();
        gate.check(folder.path, Pace.NONE, passed).version().close();
        folder.write("golden.ndjson", folder.text("golden.ndjson").replace("0.", "1."));
        Gate.Result tampered = gate.check(folder.path, Pace.NONE, passed);
        assertThat(tampered.version()).isNull();
        assertThat(failed(tampered.report())).containsExactly("hashes", "golden examples");
        folder.seal();
        Gate.Result resealed = gate.check(folder.path, Pace.NONE, passed);
        assertThat(resealed.version()).isNull();
        assertThat(failed(resealed.report())).containsExactly("golden examples");
        assertThat(passed.passed(resealed.report().checksum())).isNull();
    }

    @Test
    void engine_sameSettings_hasTheSameName() {
        String name = ScorerLoader.engine(ScorerSettings.DEFAULT);
        assertThat(ScorerLoader.engine(ScorerSettings.DEFAULT)).isEqualTo(name).hasSize(32);
        assertThat(ScorerLoader.engine(new ScorerSettings(Duration.ofMinutes(1), SourcePriority.NONE, false)))
                .isNotEqualTo(name);
    }

    @Test
    void check_mistakesInSeveralSteps_areReportedTogether() throws Exception {
        VersionFolder folder = VersionFolder.copy("churn", models);
        folder.write("MODEL_CARD.md", "another");
        folder.write("model.yaml", folder.text("model.yaml").replace("task:", "tusk:"));
        GateReport report = refused(folder);
        assertThat(failed(report)).containsExactly("hashes", "manifest");
        assertThat(problems(report))
                .anySatisfy(text -> assertThat(text).startsWith("churn/2/MODEL_CARD.md: the file is not the one"))
                .anySatisfy(text -> assertThat(text).startsWith("churn/2/model.yaml: the file is not the one"))
                .anySatisfy(text -> assertThat(text).contains("no key 'tusk'; did you mean 'task'?"));
        // A manifest that is wrong does not hide a model file that is wrong in itself.
        folder.write("model.ubj", "{not a model");
        folder.seal();
        assertThat(failed(refused(folder))).containsExactly("manifest", "model file");
    }

    @Test
    void check_modelFileOfAnotherHash_isNotLetAtALibrary() throws Exception {
        VersionFolder folder = VersionFolder.copy("churn", models);
        byte[] bytes = folder.bytes("model.ubj");
        bytes[bytes.length / 2]++;
        folder.write("model.ubj", bytes);
        GateReport report = refused(folder);
        assertThat(failed(report)).containsExactly("hashes");
        assertThat(report.checks().get(4).detail()).isEqualTo("not checked: it is not the one that was exported");
    }

    @ParameterizedTest
    @CsvSource({"clv, churn", "churn, clv", "churn, propensity"})
    void check_manifestOfAnotherModel_isRefused(String model, String other) throws Exception {
        VersionFolder folder = VersionFolder.copy(model, models);
        String manifest = Files.readString(VersionFolder.MODELS.resolve(other).resolve("1/model.yaml"));
        folder.write("model.yaml", manifest);
        folder.seal();
        assertThat(problems(refused(folder)))
                .anySatisfy(text -> assertThat(text).contains("but stands in the folder"));
        // Named as if it belonged there, its columns tell.
        folder.write("model.yaml", manifest.replace("name: " + other + "\n", "name: " + model + "\n"));
        folder.seal();
        assertThat(failed(refused(folder))).contains("inputs");
    }

    @Test
    void check_modelOfAnotherTraining_failsTheGoldenExamples() throws Exception {
        VersionFolder folder = VersionFolder.copy("churn", models);
        byte[] bytes = folder.bytes("model.ubj");
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("base_score");
        while (bytes[at] != '.') {
            at++;
        }
        bytes[at + 1] = '9';
        folder.write("model.ubj", bytes);
        folder.seal();
        assertThat(failed(refused(folder))).containsExactly("golden examples");
    }

    @Test
    void check_sampleScoresUnlikeTheRecordedOnes_areRefused() throws Exception {
        VersionFolder folder = VersionFolder.copy("clv", models);
        String wrong =
                "{\"features\":{},\"scores\":{},\"sample\":{\"clv_90d\":{\"count\":3,\"quantiles\":[1,2,3,4,5]}}}";
        folder.write("reference.json", wrong);
        folder.seal();
        GateReport report = refused(folder);
        assertThat(failed(report)).containsExactly("score distribution");
        assertThat(problems(report))
                .singleElement()
                .asString()
                .contains("output 'clv_90d': the scores of the sample are not distributed as reference.json says");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ | not valid JSON",
                "[] | expected objects",
                "{\"scores\":{\"p\":{\"quantiles\":[2,1]}}} | the quantiles of 'p' fall",
                "{\"scores\":{\"p\":{\"quantiles\":[\"x\"]}}} | are no numbers",
                "{\"scores\":{\"p\":7}} | expected objects",
            })
    void check_brokenReference_isRefused(String content, String reason) throws Exception {
        VersionFolder folder = VersionFolder.copy("churn", models);
        folder.write("reference.json", content);
        folder.seal();
        assertThat(problems(refused(folder))).singleElement().asString().contains("reference.json", reason);
    }

    @Test
    void check_rangeThatCutsTheScores_isRefused() throws Exception {
        VersionFolder folder = VersionFolder.copy("clv", models);
        String manifest = folder.text("model.yaml");
        String changed = manifest.replace("range: [0.0, null]", "range: [2000, 5000]")
                .replaceFirst("(?m)^( *)fallback: .*$", "$1fallback: 2000");
        folder.write("model.yaml", changed);
        Files.delete(folder.file("golden.ndjson"));
        folder.seal();
        assertThat(changed).contains("[2000, 5000]");
        assertThat(problems(refused(folder)))
                .anySatisfy(text -> assertThat(text).contains("lie outside the range"));
    }

    @Test
    void check_latencyAboveTheManifestsLimit_isRefused() throws Exception {
        VersionFolder folder = VersionFolder.copy("churn", models);
        folder.write("model.yaml", folder.text("model.yaml") + "\nlimits: {latency_ms: 0.000001}\n");
        folder.seal();
        GateReport report = refused(folder);
        assertThat(failed(report)).containsExactly("latency");
        assertThat(problems(report)).singleElement().asString().contains("limits.latency_ms is 1.0E-6");
    }

    @Test
    void check_withoutExamplesAndSample_warns() throws Exception {
        VersionFolder folder = VersionFolder.copy("churn", models);
        for (String name : List.of("golden.ndjson", "sample.ndjson", "reference.json")) {
            Files.delete(folder.file(name));
        }
        folder.seal();
        Gate.Result result = gate.check(folder.path);
        try (ModelVersion version = result.version()) {
            assertThat(version).isNotNull();
            assertThat(result.report().warnings()).hasSize(2);
        }
    }
}
