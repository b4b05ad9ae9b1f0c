package io.scorecast.engine.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of the shapes that exporters write, beside what ONNX Runtime answers in Python; see other_hands.py. */
class OtherHandsTest {

    private static final Path MODELS = Path.of("src/test/resources/io/scorecast/engine/model/onnx");

    private static OpenRequest.Input input(String name, int width) {
        List<String> columns = new ArrayList<>();
        for (int c = 0; c < width; c++) {
            columns.add(name + c);
        }
        return new OpenRequest.Input(name, columns);
    }

    private static List<String> refusals(Path file, OpenRequest.Input... inputs) {
        Problems problems = new Problems();
        OpenRequest request = new OpenRequest(file, "m/1/model.onnx", "", List.of(inputs));
        assertThat(new OnnxRuntime().open(request, problems)).isNull();
        return problems.list().stream().map(Problem::message).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "torch, input, 1e-6",
        "torch_half, input, 2e-3",
        "external, input, 1e-6",
        "string_labels, features, 1e-6",
        "sklearn_trees, features, 1e-6",
        "lightgbm, features, 1e-6",
    })
    void predict_equalsPython(String name, String input, double tolerance) throws Exception {
        equalsPython(name, tolerance, input(input, 3));
    }

    @Test
    void predict_severalInputs_equalsPython() throws Exception {
        equalsPython("several_inputs", 1e-6, input("numbers", 2), input("flags", 1));
    }

    @Test
    void predict_textLabels_areGivenToWhoWantsThem() {
        Problems problems = new Problems();
        OpenRequest request = new OpenRequest(
                MODELS.resolve("string_labels.onnx"), "string_labels", "", List.of(input("features", 3)));
        try (Model model = new OnnxRuntime().open(request, problems)) {
            assertThat(model).isNotNull();
            List<TensorSpec> outputs = model.signature().outputs();
            assertThat(outputs).extracting(TensorSpec::name).containsExactly("probabilities", "label");
            ModelBatch batch = new ModelBatch(model.signature(), 1, true);
            for (double sign : new double[] {-5, 5}) {
                batch.begin(2);
                for (int c = 0; c < 3; c++) {
                    batch.put(0, 0, c, sign);
                    batch.put(0, 1, c, -sign);
                }
                model.predict(batch);
                for (int r = 0; r < 2; r++) {
                    String likelier = batch.number(0, r, 0) > 0.5 ? "buys" : "leaves";
                    assertThat(batch.textOutput(1)[r]).isEqualTo(likelier);
                    assertThat(batch.number(1, r, 0)).isNaN();
                }
            }
        }
    }

    private static void equalsPython(String name, double tolerance, OpenRequest.Input... inputs) throws Exception {
        Problems problems = new Problems();
        OpenRequest request = new OpenRequest(MODELS.resolve(name + ".onnx"), name, "", List.of(inputs));
        Model model = new OnnxRuntime().open(request, problems);
        assertThat(problems.list()).isEmpty();
        assertThat(model).isNotNull();
        try (model) {
            List<String> lines = Files.readAllLines(MODELS.resolve(name + ".csv"));
            ModelBatch batch = new ModelBatch(model.signature(), lines.size());
            batch.begin(lines.size());
            for (int r = 0; r < lines.size(); r++) {
                String[] row = lines.get(r).split(",");
                int at = 0;
                for (int i = 0; i < inputs.length; i++) {
                    for (int c = 0; c < inputs[i].columns().size(); c++) {
                        batch.put(i, r, c, Double.parseDouble(row[at++]));
                    }
                }
            }
            model.predict(batch);
            for (int r = 0; r < lines.size(); r++) {
                String[] row = lines.get(r).split(",");
                int at = 3;
                for (int o = 0; o < model.signature().outputs().size(); o++) {
                    TensorSpec output = model.signature().outputs().get(o);
                    if (output.type() == TensorSpec.Type.TEXT) {
                        continue;
                    }
                    for (int c = 0; c < output.width(); c++) {
                        assertThat(batch.number(o, r, c))
                                .as("%s, row %s, column %s", output.name(), r, c)
                                .isCloseTo(Double.parseDouble(row[at++]), within(tolerance));
                    }
                }
                assertThat(at).isEqualTo(row.length);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "torch_fixed | input | dynamic_axes={'input': {0: 'batch'}}",
                "lightgbm_zipmap | features | no tensor but a sequence or map",
                "custom_operator | input | custom operators are not loaded",
                "text_input | input | encode texts as numbers among the features",
                "external_escape | input | its external data: '../external.bin' leads out of the folder",
                "external_absolute | input | its external data: '/etc/passwd' is no relative file name",
                "external_hidden | input | its external data: '.external.bin' is hidden",
            })
    void open_whatCannotBeServed_isRefusedWithTheCure(String name, String input, String reason) {
        assertThat(refusals(MODELS.resolve(name + ".onnx"), input(input, 3)))
                .anySatisfy(text -> assertThat(text).contains(reason));
    }

    @Test
    void open_externalFileIsMissingOrALink_isRefused(@TempDir Path folder) throws Exception {
        Path file = Files.copy(MODELS.resolve("external.onnx"), folder.resolve("model.onnx"));
        assertThat(refusals(file, input("input", 3)))
                .containsExactly("its external data: there is no file 'external.bin' in the folder");
        Files.createSymbolicLink(
                folder.resolve("external.bin"), MODELS.resolve("external.bin").toAbsolutePath());
        assertThat(refusals(file, input("input", 3)))
                .containsExactly("its external data: 'external.bin' is a link that leads out of the folder");
        Files.delete(folder.resolve("external.bin"));
        Files.write(folder.resolve("external.bin"), new byte[5]);
        assertThat(refusals(file, input("input", 3))).hasSize(1);
    }
}
