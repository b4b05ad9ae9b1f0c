package io.scorecast.engine.model.xgboost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.OpenRequest;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.Booster.PredictionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class XgboostRuntimeTest {

    private static final int ROWS = 100_000;
    private static final Map<String, Object> LOGISTIC = Map.of("objective", "binary:logistic", "max_depth", 4);

    @TempDir
    private Path folder;

    private static OpenRequest request(Path file, String engine) {
        List<String> columns =
                IntStream.range(0, Trained.WIDTH).mapToObj(i -> "f" + i).toList();
        return new OpenRequest(
                file, "m/1/" + file.getFileName(), engine, List.of(new OpenRequest.Input("features", columns)));
    }

    private static Model open(Path file, String engine) {
        Problems problems = new Problems();
        Model model = new XgboostRuntime().open(request(file, engine), problems);
        assertThat(problems.list()).isEmpty();
        return model;
    }

    private static List<String> refusals(OpenRequest request) {
        Problems problems = new Problems();
        assertThat(new XgboostRuntime().open(request, problems)).isNull();
        return problems.list().stream().map(Problem::toString).toList();
    }

    private static Arguments shape(int rounds, Object... settings) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            map.put((String) settings[i], settings[i + 1]);
        }
        return Arguments.of(rounds, map);
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
                shape(300, "objective", "binary:logistic", "max_depth", 6),
                shape(1, "objective", "binary:logistic", "max_depth", 1),
                shape(50, "objective", "binary:logistic", "max_depth", 3, "base_score", 0.1, "num_parallel_tree", 3),
                shape(
                        30,
                        "objective",
                        "reg:squarederror",
                        "max_depth",
                        0,
                        "grow_policy",
                        "lossguide",
                        "max_leaves",
                        200,
                        "tree_method",
                        "hist"),
                shape(20, "objective", "reg:squarederror", "max_depth", 11, "base_score", -3.5),
                shape(40, "objective", "reg:absoluteerror", "max_depth", 5),
                shape(40, "objective", "reg:pseudohubererror", "max_depth", 5),
                shape(40, "objective", "reg:quantileerror", "quantile_alpha", 0.7, "max_depth", 5),
                shape(80, "objective", "reg:tweedie", "tweedie_variance_power", 1.4, "max_depth", 6),
                shape(80, "objective", "count:poisson", "max_depth", 5),
                shape(80, "objective", "reg:gamma", "max_depth", 5),
                shape(80, "objective", "reg:logistic", "max_depth", 7),
                shape(80, "objective", "binary:logitraw", "max_depth", 7, "base_score", 0.3),
                shape(20, "objective", "binary:hinge", "max_depth", 4),
                shape(41, "objective", "multi:softprob", "num_class", 3, "max_depth", 6),
                shape(20, "objective", "multi:softmax", "num_class", 3, "max_depth", 4, "num_parallel_tree", 2),
                shape(40, "objective", "rank:ndcg", "max_depth", 6),
                shape(40, "objective", "rank:pairwise", "max_depth", 6),
                shape(40, "objective", "rank:map", "max_depth", 6),
                shape(30, "objective", "binary:logistic", "booster", "dart", "rate_drop", 0.3, "max_depth", 5));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void predict_forest_equalsXgboost(int rounds, Map<String, Object> settings) throws Exception {
        Booster booster = Trained.train(rounds, settings);
        Path json = Trained.save(booster, folder.resolve("model.json"));
        Path ubj = Trained.save(booster, folder.resolve("model.ubj"));
        float[] rows = Trained.rows(ROWS, 23);
        float[][] predictions = booster.inplace_predict(rows, ROWS, Trained.WIDTH, Float.NaN);
        float[][] margins =
                booster.inplace_predict(rows, ROWS, Trained.WIDTH, Float.NaN, new int[2], PredictionType.kMargin, null);
        try (Model model = open(json, "");
                Model other = open(ubj, "forest")) {
            assertThat(model.engine()).isEqualTo("forest");
            ModelBatch batch = predicted(model, rows);
            ModelBatch same = predicted(other, rows);
            assertThat(same.floatOutput(0)).isEqualTo(batch.floatOutput(0));
            assertThat(same.floatOutput(1)).isEqualTo(batch.floatOutput(1));
            double greatest = 0;
            for (int r = 0; r < ROWS; r++) {
                double scale = 1;
                for (float margin : margins[r]) {
                    scale = Math.max(scale, Math.abs(margin));
                }
                greatest = Math.max(greatest, distance(batch, 1, r, margins[r]) / scale);
                double size = Math.max(1, Math.abs(predictions[r][0]));
                greatest = Math.max(greatest, distance(batch, 0, r, predictions[r]) / (size * scale));
            }
            assertThat(greatest).isLessThanOrEqualTo(1e-6);
            Problems problems = new Problems();
            new XgboostRuntime().crossCheck(request(json, ""), model, 5000, 1, problems);
            assertThat(problems.list()).isEmpty();
        } finally {
            booster.dispose();
        }
    }

    private static ModelBatch predicted(Model model, float[] rows) {
        ModelBatch batch = new ModelBatch(model.signature(), 1);
        batch.begin(rows.length / Trained.WIDTH);
        System.arraycopy(rows, 0, batch.floats(0), 0, rows.length);
        model.predict(batch);
        return batch;
    }

    private static double distance(ModelBatch batch, int output, int row, float[] expected) {
        assertThat(batch.signature().outputs().get(output).width()).isEqualTo(expected.length);
        double greatest = 0;
        for (int c = 0; c < expected.length; c++) {
            greatest = Math.max(greatest, Math.abs(batch.number(output, row, c) - expected[c]));
        }
        return greatest;
    }

    @Test
    void predict_batchesOfManySizes_scoreEachRowAlike() throws Exception {
        Booster booster = Trained.train(20, LOGISTIC);
        float[] rows = Trained.rows(300, 5);
        try (Model model = open(Trained.save(booster, folder.resolve("m.ubj")), "")) {
            float[] all = predicted(model, rows).floatOutput(0);
            ModelBatch batch = new ModelBatch(model.signature(), 2);
            int from = 0;
            for (int size : new int[] {1, 2, 0, 63, 64, 65, 105}) {
                batch.begin(size);
                System.arraycopy(rows, from * Trained.WIDTH, batch.floats(0), 0, size * Trained.WIDTH);
                model.predict(batch);
                assertThat(Arrays.copyOf(batch.floatOutput(0), size))
                        .isEqualTo(Arrays.copyOfRange(all, from, from + size));
                from += size;
            }
        }
    }

    @Test
    void predict_engineXgboost4j_equalsForest() throws Exception {
        Path file = Trained.save(Trained.train(20, LOGISTIC), folder.resolve("m.ubj"));
        float[] rows = Trained.rows(500, 5);
        try (Model forest = open(file, "");
                Model library = open(file, "xgboost4j")) {
            assertThat(library.engine()).isEqualTo("xgboost4j");
            assertThat(library.signature()).isEqualTo(forest.signature());
            ModelBatch ours = predicted(forest, rows);
            ModelBatch theirs = predicted(library, rows);
            for (int r = 0; r < 500; r++) {
                assertThat(distance(ours, 0, r, new float[] {theirs.floatOutput(0)[r]}))
                        .isLessThan(1e-6);
                assertThat(distance(ours, 1, r, new float[] {theirs.floatOutput(1)[r]}))
                        .isLessThan(1e-6);
            }
        }
    }

    @Test
    void open_linearBooster_isLeftToTheLibrary() throws Exception {
        Booster booster = Trained.train(10, Map.of("objective", "binary:logistic", "booster", "gblinear"));
        Path file = Trained.save(booster, folder.resolve("m.json"));
        try (Model model = open(file, "")) {
            assertThat(model.engine()).isEqualTo("xgboost4j");
            float[] margins = predicted(model, Trained.rows(50, 1)).floatOutput(1);
            assertThat(margins).doesNotContain(Float.NaN);
        }
        assertThat(refusals(request(file, "forest")))
                .containsExactly("m/1/m.json: the forest does not evaluate the booster 'gblinear'; leave 'engine' out,"
                        + " or ask for xgboost4j");
    }

    @Test
    void predict_bestIteration_endsThere() throws Exception {
        Booster booster = Trained.train(20, LOGISTIC);
        booster.setAttr("best_iteration", "7");
        Path file = Trained.save(booster, folder.resolve("m.json"));
        float[] rows = Trained.rows(100, 5);
        float[][] best = booster.inplace_predict(rows, 100, Trained.WIDTH, Float.NaN, new int[] {0, 8});
        for (String engine : List.of("forest", "xgboost4j")) {
            try (Model model = open(file, engine)) {
                ModelBatch batch = predicted(model, rows);
                for (int r = 0; r < 100; r++) {
                    assertThat(distance(batch, 0, r, best[r])).isLessThan(1e-6);
                }
                Problems problems = new Problems();
                new XgboostRuntime().crossCheck(request(file, engine), model, 500, 1, problems);
                assertThat(problems.list()).isEmpty();
            }
        }
    }

    @Test
    void predict_bestIterationBehindTheLast_takesAll() throws Exception {
        Booster booster = Trained.train(5, LOGISTIC);
        booster.setAttr("best_iteration", "30");
        float[] rows = Trained.rows(10, 5);
        float[][] all = booster.inplace_predict(rows, 10, Trained.WIDTH, Float.NaN);
        try (Model model = open(Trained.save(booster, folder.resolve("m.json")), "")) {
            assertThat(distance(predicted(model, rows), 0, 3, all[3])).isLessThan(1e-6);
        }
    }

    @Test
    void predict_dartAsNewerReleasesWriteIt_weighsTheTrees() throws Exception {
        Booster booster = Trained.train(
                20, Map.of("objective", "binary:logistic", "booster", "dart", "rate_drop", 0.5, "max_depth", 3));
        String text = new String(booster.toByteArray("json"), StandardCharsets.UTF_8);
        int weights = text.lastIndexOf("\"weight_drop\":");
        String array = text.substring(weights, text.indexOf(']', weights) + 1);
        // {"gbtree":{"model":{…},"name":"gbtree"},"name":"dart","weight_drop":[…]} becomes 3.4's
        // {"model":{…,"weight_drop":[…]},"name":"gbtree"}.
        String newer = text.replace("," + array, "")
                .replace(
                        "\"gradient_booster\":{\"gbtree\":{\"model\":{",
                        "\"gradient_booster\":{\"model\":{" + array + ",")
                .replace("\"name\":\"gbtree\"},\"name\":\"dart\"}", "\"name\":\"gbtree\"}");
        assertThat(newer).isNotEqualTo(text);
        Path file = Files.writeString(folder.resolve("m.json"), newer);
        float[] rows = Trained.rows(100, 5);
        float[][] expected = booster.inplace_predict(rows, 100, Trained.WIDTH, Float.NaN);
        try (Model model = open(file, "")) {
            ModelBatch batch = predicted(model, rows);
            for (int r = 0; r < 100; r++) {
                assertThat(distance(batch, 0, r, expected[r])).isLessThan(1e-6);
            }
            Problems problems = new Problems();
            new XgboostRuntime().crossCheck(request(file, ""), model, 500, 1, problems);
            assertThat(problems.list()).isEmpty();
        }
        assertThat(refusals(request(file, "xgboost4j")))
                .singleElement()
                .asString()
                .contains("the weights of a DART booster");
    }

    @Test
    void crossCheck_otherModel_isReported() throws Exception {
        Path file = Trained.save(Trained.train(5, LOGISTIC), folder.resolve("a.ubj"));
        Path other = Trained.save(Trained.train(6, LOGISTIC), folder.resolve("b.ubj"));
        try (Model model = open(file, "")) {
            Problems problems = new Problems();
            new XgboostRuntime().crossCheck(request(other, ""), model, 1000, 1, problems);
            assertThat(problems.list())
                    .singleElement()
                    .asString()
                    .startsWith("m/1/b.ubj: forest and xgboost4j disagree on 1000 of 1000 random rows, by up to ")
                    .endsWith("the file was written by XGBoost 3.2.0");
        }
    }

    @Test
    void open_namesOfTraining_mustBeTheManifests() throws Exception {
        Booster booster = Trained.train(2, LOGISTIC);
        String[] names =
                IntStream.range(0, Trained.WIDTH).mapToObj(i -> "f" + i).toArray(String[]::new);
        booster.setFeatureNames(names);
        open(Trained.save(booster, folder.resolve("good.ubj")), "").close();
        names[3] = "recency_days";
        booster.setFeatureNames(names);
        assertThat(refusals(request(Trained.save(booster, folder.resolve("bad.ubj")), "")))
                .containsExactly("m/1/bad.ubj: feature 3 (from 0) was 'recency_days' in training, the manifest's input"
                        + " says 'f3'");
    }

    @Test
    void open_otherWidth_namesBoth() throws Exception {
        Path file = Trained.save(Trained.train(2, LOGISTIC), folder.resolve("m.ubj"));
        OpenRequest request =
                new OpenRequest(file, "m/1", "", List.of(new OpenRequest.Input("features", List.of("a", "b"))));
        assertThat(refusals(request))
                .containsExactly("m/1: the model was trained on 12 features, the manifest's input has 2");
    }

    @Test
    void open_unknownEngine_namesTheNearest() throws Exception {
        Path file = Trained.save(Trained.train(1, LOGISTIC), folder.resolve("m.ubj"));
        assertThat(refusals(request(file, "forrest")))
                .singleElement()
                .asString()
                .contains("did you mean 'forest'");
    }

    @Test
    void close_library_isHarmlessWhenRepeated_andLaterPredictionsFail() throws Exception {
        Model model = open(Trained.save(Trained.train(2, LOGISTIC), folder.resolve("m.ubj")), "xgboost4j");
        ModelBatch batch = new ModelBatch(model.signature(), 1);
        batch.begin(1);
        model.close();
        model.close();
        assertThatThrownBy(() -> model.predict(batch)).isInstanceOf(IllegalStateException.class);
    }
}
