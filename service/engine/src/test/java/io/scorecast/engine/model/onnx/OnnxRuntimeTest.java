package io.scorecast.engine.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.OpenRequest;
import io.scorecast.engine.model.TensorSpec;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxRuntimeTest {

    private static final Path MODELS = Path.of("src/test/resources/io/scorecast/engine/model/onnx");
    private static final OpenRequest.Input FEATURES = new OpenRequest.Input("features", List.of("a", "b", "c"));

    private static OpenRequest request(String file, OpenRequest.Input... inputs) {
        return new OpenRequest(MODELS.resolve(file), "m/1/" + file, "", List.of(inputs));
    }

    private static Model open(String file, OpenRequest.Input... inputs) {
        Problems problems = new Problems();
        Model model = new OnnxRuntime().open(request(file, inputs), problems);
        assertThat(problems.list()).isEmpty();
        return model;
    }

    private static List<String> refusals(OpenRequest request) {
        Problems problems = new Problems();
        assertThat(new OnnxRuntime().open(request, problems)).isNull();
        return problems.list().stream().map(Problem::toString).toList();
    }

    @Test
    void predict_batchesOfManySizes_scoresEachRow() {
        try (Model model = open("linear.onnx", FEATURES)) {
            ModelBatch batch = new ModelBatch(model.signature(), 1);
            for (int rows : new int[] {1, 7, 64, 3, 0, 200, 1}) {
                batch.begin(rows);
                for (int r = 0; r < rows; r++) {
                    batch.put(0, r, 0, r);
                    batch.put(0, r, 1, 1);
                    batch.put(0, r, 2, -r);
                }
                model.predict(batch);
                for (int r = 0; r < rows; r++) {
                    assertThat(batch.number(0, r, 0)).isEqualTo(2.5 - 2 * r);
                }
            }
        }
    }

    @Test
    void predict_missingNumber_reachesTheModel() {
        try (Model model = open("linear.onnx", FEATURES)) {
            ModelBatch batch = new ModelBatch(model.signature(), 1);
            batch.begin(1);
            batch.put(0, 0, 1, Double.NaN);
            model.predict(batch);
            assertThat(batch.number(0, 0, 0)).isNaN();
        }
    }

    @Test
    void predict_doubleModel_keepsDoubles() {
        try (Model model = open("linear_double.onnx", FEATURES)) {
            ModelBatch batch = new ModelBatch(model.signature(), 2);
            batch.begin(2);
            batch.put(0, 1, 0, 1e-9);
            model.predict(batch);
            assertThat(batch.number(0, 1, 0)).isEqualTo(0.5 + 1e-9);
        }
    }

    @Test
    void predict_sequenceModel_readsAndWritesSeveralTensors() {
        OpenRequest.Input recent = new OpenRequest.Input("recent", List.of("r_0", "r_1", "r_2"));
        OpenRequest.Input weights = new OpenRequest.Input("weights", List.of("w_0", "w_1", "w_2"));
        // The manifest's order of inputs need not be the file's.
        try (Model model = open("recent.onnx", weights, recent)) {
            assertThat(model.signature().inputs())
                    .containsExactly(
                            new TensorSpec("weights", TensorSpec.Type.FLOAT, 3),
                            new TensorSpec("recent", TensorSpec.Type.LONG, 3));
            assertThat(model.signature().outputs())
                    .containsExactly(
                            new TensorSpec("items", TensorSpec.Type.LONG, 2),
                            new TensorSpec("item_scores", TensorSpec.Type.FLOAT, 2),
                            new TensorSpec("items32", TensorSpec.Type.LONG, 2, "int32", List.of(2)));
            ModelBatch batch = new ModelBatch(model.signature(), 2);
            batch.begin(2);
            long[][] items = {{2, 4, 2}, {1, 1, 3}};
            double[][] factors = {{1, 1.5, 1}, {0.25, 0.25, 2}};
            for (int r = 0; r < 2; r++) {
                for (int c = 0; c < 3; c++) {
                    batch.put(0, r, c, factors[r][c]);
                    batch.put(1, r, c, items[r][c]);
                }
            }
            model.predict(batch);
            assertThat(batch.longOutput(0)).startsWith(2, 4, 3, 1);
            assertThat(batch.floatOutput(1)).startsWith(2, 1.5f, 2, 0.5f);
            assertThat(batch.longOutput(2)).startsWith(2, 4, 3, 1);
        }
    }

    @Test
    void predict_classifierOfScikitLearn_equalsPython() throws Exception {
        List<String> lines = Files.readAllLines(MODELS.resolve("classifier.csv"));
        try (Model model = open("classifier.onnx", FEATURES)) {
            ModelBatch batch = new ModelBatch(model.signature(), lines.size());
            batch.begin(lines.size());
            List<double[]> rows = new ArrayList<>();
            for (String line : lines) {
                double[] row = List.of(line.split(",")).stream()
                        .mapToDouble(Double::parseDouble)
                        .toArray();
                for (int c = 0; c < 3; c++) {
                    batch.put(0, rows.size(), c, row[c]);
                }
                rows.add(row);
            }
            model.predict(batch);
            int label = model.signature().output("label");
            int probabilities = model.signature().output("probabilities");
            for (int r = 0; r < rows.size(); r++) {
                assertThat(batch.number(label, r, 0)).isEqualTo(rows.get(r)[3]);
                assertThat(batch.number(probabilities, r, 0)).isCloseTo(rows.get(r)[4], within(1e-6));
                assertThat(batch.number(probabilities, r, 1)).isCloseTo(rows.get(r)[5], within(1e-6));
            }
        }
    }

    @Test
    void open_zipmap_isRefusedWithTheCure() {
        assertThat(refusals(request("zipmap.onnx", FEATURES)))
                .singleElement()
                .asString()
                .contains("'output_probability' is no tensor", "options={'zipmap': False}");
    }

    @Test
    void open_fixedBatch_isRefused() {
        assertThat(refusals(request("fixed_batch.onnx", FEATURES)))
                .containsExactly("m/1/fixed_batch.onnx: the model's input 'features' has the shape [1, 3];"
                        + " its first dimension must be dynamic, for batches of any size: export it with a dynamic batch"
                        + " axis (torch.onnx.export: dynamic_axes={'features': {0: 'batch'}})");
    }

    @Test
    void open_otherWidth_namesBoth() {
        assertThat(refusals(request("linear.onnx", new OpenRequest.Input("features", List.of("a", "b")))))
                .containsExactly(
                        "m/1/linear.onnx: the model's input 'features' has the shape [n, 3], the manifest gives it"
                                + " 2 columns");
    }

    @Test
    void open_otherName_namesTheNearestAndTheForgotten() {
        assertThat(refusals(request("linear.onnx", new OpenRequest.Input("feature", List.of("a", "b", "c")))))
                .containsExactlyInAnyOrder(
                        "m/1/linear.onnx: the model's input 'features' is not among the manifest's [feature]",
                        "m/1/linear.onnx: the manifest's inputs: no input 'feature'; did you mean 'features'? known:"
                                + " [features] (in the model)");
    }

    @Test
    void open_noOnnx_isRefused(@TempDir Path folder) throws Exception {
        byte[] good = Files.readAllBytes(MODELS.resolve("linear.onnx"));
        byte[][] bad = {{}, "not a model".getBytes(), java.util.Arrays.copyOf(good, good.length / 2)};
        for (byte[] content : bad) {
            Path file = Files.write(folder.resolve("bad.onnx"), content);
            assertThat(refusals(new OpenRequest(file, "m/1/bad.onnx", "", List.of(FEATURES))))
                    .isNotEmpty();
        }
        assertThat(refusals(new OpenRequest(folder.resolve("none"), "m/1/none", "", List.of(FEATURES))))
                .singleElement()
                .asString()
                .startsWith("m/1/none: the file cannot be read");
    }

    @Test
    void open_engineOfAnother_isRefused() {
        OpenRequest request = new OpenRequest(MODELS.resolve("linear.onnx"), "m/1", "xgboost4j", List.of(FEATURES));
        assertThat(refusals(request)).containsExactly("m/1: no engine 'xgboost4j' for ONNX; leave 'engine' out");
    }

    @Test
    void close_repeated_isHarmless_andLaterPredictionsFail() {
        Model model = open("linear.onnx", FEATURES);
        ModelBatch batch = new ModelBatch(model.signature(), 1);
        batch.begin(1);
        model.close();
        model.close();
        assertThatThrownBy(() -> model.predict(batch)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void close_underReaders_freesAfterThem() throws Exception {
        try (ExecutorService readers = Executors.newFixedThreadPool(3)) {
            for (int round = 0; round < 30; round++) {
                Model model = open("linear.onnx", FEATURES);
                AtomicInteger right = new AtomicInteger();
                Callable<Boolean> reader = () -> {
                    ModelBatch batch = new ModelBatch(model.signature(), 4);
                    batch.begin(4);
                    for (int i = 0; i < 100_000; i++) {
                        try {
                            model.predict(batch);
                        } catch (IllegalStateException closed) {
                            return true;
                        }
                        if (batch.number(0, 3, 0) != 0.5) {
                            return false;
                        }
                        right.incrementAndGet();
                    }
                    return false;
                };
                List<Future<Boolean>> ends = new ArrayList<>();
                for (int r = 0; r < 3; r++) {
                    ends.add(readers.submit(reader));
                }
                for (int waited = 0; right.get() < 20 && waited < 10_000; waited++) {
                    Thread.sleep(1);
                }
                model.close();
                for (Future<Boolean> end : ends) {
                    assertThat(end.get()).isTrue();
                }
            }
        }
    }
}
