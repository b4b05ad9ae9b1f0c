package io.scorecast.engine.model.xgboost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.OpenRequest;
import io.scorecast.engine.problem.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models written by Python beside what Python answered, of the release that XGBoost4J has and of a newer one. */
class PythonModelsTest {

    private static final Path MODELS = Path.of("src/test/resources/io/scorecast/engine/model/xgboost");

    private static float number(String text) {
        return text.isEmpty() ? Float.NaN : Float.parseFloat(text);
    }

    @ParameterizedTest
    @CsvSource({
        "early-3.2.json, forest",
        "dart-3.2.ubj, forest",
        "classes-3.2.ubj, forest",
        "base-3.2.ubj, forest",
        "quantiles-3.2.ubj, forest",
        "tweedie-3.2.ubj, forest",
        "targets-3.2.ubj, forest",
        "vectors-3.2.ubj, forest",
        "categories-3.2.ubj, xgboost4j",
        "onehot-3.2.ubj, xgboost4j",
        "early-3.4.json, forest",
        "dart-3.4.ubj, forest",
        "classes-3.4.ubj, forest",
        "base-3.4.ubj, forest",
        "quantiles-3.4.ubj, forest",
        "tweedie-3.4.ubj, forest",
        "targets-3.4.ubj, forest",
        "vectors-3.4.ubj, forest",
        "categories-3.4.ubj, xgboost4j",
        "onehot-3.4.ubj, xgboost4j",
    })
    void predict_equalsPython(String name, String engine) throws Exception {
        List<String> columns =
                IntStream.range(0, Trained.WIDTH).mapToObj(i -> "f" + i).toList();
        OpenRequest request =
                new OpenRequest(MODELS.resolve(name), name, "", List.of(new OpenRequest.Input("features", columns)));
        Problems problems = new Problems();
        Model model = new XgboostRuntime().open(request, problems);
        assertThat(problems.list()).isEmpty();
        assertThat(model).isNotNull();
        try (model) {
            assertThat(model.engine()).isEqualTo(engine);
            List<String> lines = Files.readAllLines(MODELS.resolve(name.replaceFirst("\\.[a-z]+$", ".csv")));
            ModelBatch batch = new ModelBatch(model.signature(), lines.size());
            batch.begin(lines.size());
            for (int r = 0; r < lines.size(); r++) {
                String[] row = lines.get(r).split(",", -1);
                for (int c = 0; c < Trained.WIDTH; c++) {
                    batch.put(0, r, c, number(row[c]));
                }
            }
            model.predict(batch);
            for (int r = 0; r < lines.size(); r++) {
                String[] row = lines.get(r).split(",", -1);
                int at = Trained.WIDTH;
                for (int output = 0; output < 2; output++) {
                    for (int c = 0; c < model.signature().outputs().get(output).width(); c++) {
                        float expected = number(row[at++]);
                        assertThat(batch.number(output, r, c))
                                .as("output %s, row %s, column %s", output, r, c)
                                .isCloseTo(expected, within(1e-6 * Math.max(1, Math.abs(expected))));
                    }
                }
                assertThat(at).isEqualTo(row.length);
            }
            new XgboostRuntime().crossCheck(request, model, 2000, 3, problems);
            assertThat(problems.list()).isEmpty();
        }
    }
}
