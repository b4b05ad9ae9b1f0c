package io.scorecast.engine.model.xgboost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.OpenRequest;
import io.scorecast.engine.model.Pace;
import io.scorecast.engine.model.forest.BoosterFile;
import io.scorecast.engine.problem.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files written by installs of many releases of XGBoost, beside what each release itself answered. */
class ReleasesTest {

    private static final Path RELEASES = Path.of("src/test/resources/io/scorecast/engine/model/xgboost/releases");
    private static final int WIDTH = 6;

    /** XGBoost4J 3.2 evaluates these; the forest all others. */
    private static final List<String> BY_XGBOOST4J = List.of("linear", "linear-classes", "onehot", "partition");

    private static final List<String> AMBIGUOUS = List.of("1.0/early-parallel.json", "1.3/early-parallel.json");

    static List<Arguments> files() throws IOException {
        List<Arguments> files = new ArrayList<>();
        try (Stream<Path> releases = Files.list(RELEASES).filter(Files::isDirectory)) {
            for (Path release : releases.sorted().toList()) {
                Map<String, List<String>> lines = new LinkedHashMap<>();
                for (String line : Files.readAllLines(release.resolve("expected.csv"))) {
                    int comma = line.indexOf(',');
                    lines.computeIfAbsent(line.substring(0, comma), name -> new ArrayList<>())
                            .add(line.substring(comma + 1));
                }
                String number = release.getFileName().toString();
                lines.forEach((name, rows) -> {
                    if (!AMBIGUOUS.contains(number + "/" + name)) {
                        files.add(Arguments.of(number, name, rows));
                    }
                });
            }
        }
        return files;
    }

    private static OpenRequest request(String release, String name, String engine) {
        List<String> columns = IntStream.range(0, WIDTH).mapToObj(i -> "f" + i).toList();
        return new OpenRequest(
                RELEASES.resolve(release).resolve(name), name, engine, List.of(new OpenRequest.Input("x", columns)));
    }

    private static String refusal(OpenRequest request) {
        Problems problems = new Problems();
        assertThat(new XgboostRuntime().open(request, problems)).isNull();
        assertThat(problems.list()).hasSize(1);
        return problems.list().getFirst().message();
    }

    private static float number(String text) {
        return text.isEmpty() ? Float.NaN : Float.parseFloat(text);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("files")
    void predict_equalsTheReleaseThatWroteIt(String release, String name, List<String> rows) {
        OpenRequest request = request(release, name, "");
        Problems problems = new Problems();
        Model model = new XgboostRuntime().open(request, problems);
        assertThat(problems.list()).isEmpty();
        assertThat(model).isNotNull();
        try (model) {
            String kind = name.substring(0, name.indexOf('.'));
            assertThat(model.engine()).isEqualTo(BY_XGBOOST4J.contains(kind) ? "xgboost4j" : "forest");
            ModelBatch batch = new ModelBatch(model.signature(), rows.size());
            batch.begin(rows.size());
            for (int r = 0; r < rows.size(); r++) {
                String[] row = rows.get(r).split(",", -1);
                for (int c = 0; c < WIDTH; c++) {
                    batch.put(0, r, c, number(row[c]));
                }
            }
            model.predict(batch);
            for (int r = 0; r < rows.size(); r++) {
                String[] row = rows.get(r).split(",", -1);
                int at = WIDTH;
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
            new XgboostRuntime().crossCheck(request, model, 1000, 3, problems);
            assertThat(problems.list()).isEmpty();
        }
    }

    @Test
    void releases_areAllThere() throws IOException {
        assertThat(files()).hasSizeGreaterThan(300);
        assertThat(files().stream().map(file -> file.get()[0]).distinct())
                .containsExactly("1.0", "1.3", "1.6", "1.7", "2.0", "2.1", "3.0", "3.1", "3.2", "3.4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1.3"})
    void open_bestIterationOfAnUnknownNumberOfTrees_isRefused(String release) {
        assertThat(refusal(request(release, "early-parallel.json", "")))
                .contains("'best_iteration' is 7", "num_parallel_tree", "booster[: best_iteration + 1]");
    }

    /** What keeps XGBoost4J from giving an opinion is listed here; each is refused as the engine. */
    @ParameterizedTest
    @CsvSource({
        "1.0, logitraw.json, was a probability before 1.3",
        "2.0, vectors.json, which 3.2 dies of",
        "3.1, vectors.json, which 3.2 dies of",
        "3.4, dart.json, since 3.4 only",
        "3.4, dart.ubj, since 3.4 only",
    })
    void open_fileThatXgboost4jMisreads_isRefusedAsItsEngine(String release, String name, String reason) {
        assertThat(refusal(request(release, name, "xgboost4j"))).contains(reason, "leave 'engine' out");
    }

    /** If this fails, XGBoost4J has learnt to read them, and the list can be shortened. */
    @ParameterizedTest
    @CsvSource({"1.0, logitraw.json", "3.4, dart.json"})
    void xgboost4j_misreadFile_isWrongIndeed(String release, String name) throws Exception {
        OpenRequest request = request(release, name, "");
        Problems problems = new Problems();
        BoosterFile file = BoosterFile.read(request.file(), name, Pace.NONE, problems);
        Model ours = new XgboostRuntime().open(request, problems);
        assertThat(problems.list()).isEmpty();
        assertThat(file).isNotNull();
        try (Model theirs =
                Xgboost4jModel.open(Files.readAllBytes(request.file()), false, file.width(), file.rounds(), "x")) {
            SecondOpinion.compare(ours, theirs, file, 1000, 1, Pace.NONE, name, problems);
        }
        assertThat(problems.list()).singleElement().asString().contains("disagree on");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1.7"})
    void open_binaryFormat_saysHowToConvertIt(String release) {
        assertThat(refusal(request(release, "binary.model", "")))
                .contains("binary format", "Booster(model_file=", "save_model(\"model.ubj\")");
    }
}
