package io.scorecast.engine.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.model.UseCount;
import io.scorecast.engine.model.onnx.OnnxRuntime;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** ONNX graphs with a loop that never ends; see endless.py. Without a watchdog each of these tests would hang. */
@Timeout(120)
class EndlessModelTest {

    private static final Path FILES = Path.of("src/test/resources/io/scorecast/engine/model/onnx");
    private static final Duration LIMIT = Duration.ofMillis(300);
    private static final String MANIFEST = """
            schema: 1
            name: loop
            runtime: onnx
            file: model.onnx
            inputs:
              - {name: features, features: [purchases, views, searches]}
            outputs:
              - {name: purchases_seen, kind: value, fallback: 7}
            features:
              - {name: purchases, kind: count, event: purchase}
              - {name: views, kind: count, event: view}
              - {name: searches, kind: count, event: search}
            """;
    private static final String QUIET = "{\"customer_id\":\"quiet\",\"at\":1767225600000,\"events\":"
            + "[{\"type\":\"email_send\",\"time\":1764547200000}]}\n";
    private static final String BUYER = "{\"customer_id\":\"buyer\",\"at\":1767225600000,\"events\":"
            + "[{\"type\":\"purchase\",\"time\":1764547200000,\"value\":1}]}\n";

    @TempDir
    private Path models;

    private final Gate gate = new Gate(ScorerSettings.DEFAULT, List.of(new OnnxRuntime(1, LIMIT)));

    private VersionFolder folder(String file, String sample) throws Exception {
        VersionFolder folder = VersionFolder.create(models, "loop", 1);
        folder.write("model.onnx", Files.readAllBytes(FILES.resolve(file)));
        folder.write("model.yaml", MANIFEST);
        folder.write("sample.ndjson", sample.getBytes(StandardCharsets.UTF_8));
        folder.seal();
        return folder;
    }

    private GateReport refused(VersionFolder folder) {
        int open = UseCount.open();
        Gate.Result result = gate.check(folder.path);
        assertThat(result.version()).isNull();
        assertThat(UseCount.open()).isEqualTo(open);
        return result.report();
    }

    @Test
    void check_graphThatNeverEnds_isRefusedWithTheReason() throws Exception {
        assertThat(refused(folder("endless.onnx", QUIET)).problems())
                .extracting(Problem::toString)
                .singleElement()
                .asString()
                .contains("loop/1/model.onnx", "stopped after 0.3 s", "a loop that never ends");
    }

    @Test
    void check_graphThatDoesNotEndForSome_isRefusedWithTheCustomer() throws Exception {
        assertThat(refused(folder("endless_for_some.onnx", QUIET + BUYER)).problems())
                .extracting(Problem::toString)
                .anySatisfy(text -> assertThat(text)
                        .contains("sample.ndjson:2", "no finite score", "stopped after 0.3 s", "never ends"));
    }

    @Test
    void score_graphThatDoesNotEndForSome_fallsBackAndRests() throws Exception {
        Gate.Result result = gate.check(folder("endless_for_some.onnx", QUIET).path);
        List<String> failures = new ArrayList<>();
        ScorerMetrics metrics = new ScorerMetrics() {
            @Override
            public void modelFailed(String model, int rows, RuntimeException cause) {
                failures.add(String.valueOf(cause.getMessage()));
            }
        };
        List<Example> customers = examples(QUIET + BUYER);
        try (ModelVersion version = result.version();
                Scorer scorer = new Scorer(List.of(version), null, ScorerSettings.DEFAULT, metrics)) {
            ScoreBatch batch = scorer.newBatch(1);
            assertThat(score(batch, customers.get(1))).isEqualTo(7);
            assertThat(failures).singleElement().asString().contains("stopped after 0.3 s");

            // While it rests, nobody waits for it; then it is asked again.
            assertThat(score(batch, customers.get(0))).isEqualTo(7);
            assertThat(failures).hasSize(2);
            assertThat(failures.getLast()).contains("not asked for a while");
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            double answer = 7;
            while (answer == 7 && System.nanoTime() - end < 0) {
                Thread.sleep(50);
                answer = score(batch, customers.get(0));
            }
            assertThat(answer).isZero();
        }
    }

    private List<Example> examples(String lines) throws Exception {
        Path file = Files.writeString(models.resolve("customers.ndjson"), lines);
        Problems problems = new Problems();
        List<Example> examples = Example.read(file, "customers", problems);
        assertThat(problems.list()).isEmpty();
        return examples;
    }

    private static double score(ScoreBatch batch, Example example) {
        batch.clear();
        batch.add(
                new Question(example.customer(), example.at(), example.at(), List.of()),
                example.log(),
                0,
                example.log().length);
        batch.score();
        return batch.prediction(0).scores().getFirst().value();
    }
}
