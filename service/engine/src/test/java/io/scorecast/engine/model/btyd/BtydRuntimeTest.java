package io.scorecast.engine.model.btyd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.OpenRequest;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BtydRuntimeTest {

    private static final String CDNOW =
            "\"parameters\": {\"r\": 0.2426, \"alpha\": 4.4135, \"a\": 0.7929, \"b\": 2.4258}";

    @TempDir
    Path folder;

    private final Problems problems = new Problems();

    private @Nullable Model open(String text, int columns) throws IOException {
        Path file = Files.writeString(folder.resolve("model.json"), text);
        List<String> names =
                List.of("frequency", "recency", "age", "monetary_value").subList(0, columns);
        return new BtydRuntime()
                .open(
                        new OpenRequest(file, "model.json", "", List.of(new OpenRequest.Input("x", names))),
                        problems,
                        problems);
    }

    private static double[] predict(Model model, double... row) {
        ModelBatch batch = new ModelBatch(model.signature(), 1);
        batch.begin(1);
        for (int c = 0; c < row.length; c++) {
            batch.put(0, 0, c, row[c]);
        }
        model.predict(batch);
        double[] out = new double[model.signature().outputs().size()];
        for (int o = 0; o < out.length; o++) {
            out[o] = batch.number(o, 0, 0);
        }
        return out;
    }

    /** Also of customers with none and with hundreds of purchases, with alpha and beta on either side of each other. */
    @Test
    void predict_equalsLifetimes() throws IOException {
        int compared = 0;
        for (String line : lifetimes()) {
            String[] row = line.split(",");
            double[] number = Arrays.stream(row, 1, row.length)
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            boolean betaGeo = row[0].equals("bg_nbd");
            String text = String.format(
                    java.util.Locale.ROOT,
                    betaGeo
                            ? "{\"model\": \"bg_nbd\", \"horizon\": %s, \"parameters\": {\"r\": %s, \"alpha\": %s, \"a\": %s, \"b\": %s}}"
                            : "{\"model\": \"pareto_nbd\", \"horizon\": %s, \"parameters\": {\"r\": %s, \"alpha\": %s, \"s\": %s, \"beta\": %s}}",
                    number[4],
                    number[0],
                    number[1],
                    number[2],
                    number[3]);
            double[] found = predict(Objects.requireNonNull(open(text, 3)), number[5], number[6], number[7]);
            assertThat(found[0]).as(line).isCloseTo(number[8], within(1e-9 * Math.max(1, number[8])));
            assertThat(found[1]).as(line).isCloseTo(number[9], within(1e-9 * Math.max(1, number[9])));
            compared++;
        }
        assertThat(compared).isEqualTo(720);
    }

    private static List<String> lifetimes() throws IOException {
        try (InputStream in = Objects.requireNonNull(BtydRuntimeTest.class.getResourceAsStream("lifetimes.csv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    /** With the parameters published for CDNOW: (6.25, 3.74, 15.44), and by hand for one with a single repeat purchase. */
    @Test
    void gammaGamma_liesBetweenTheOwnAndEverybodysMean() throws IOException {
        Model model = Objects.requireNonNull(open(
                "{\"model\": \"bg_nbd\", \"horizon\": 30, " + CDNOW
                        + ", \"gamma_gamma\": {\"p\": 6.25, \"q\": 3.74, \"v\": 15.44}}",
                4));
        double everybodys = 15.44 * 6.25 / 2.74;
        double own = 6.25 / (6.25 + 2.74);
        double[] found = predict(model, 1, 20, 39, 50);
        assertThat(found[2]).isCloseTo((1 - own) * everybodys + own * 50, within(1e-12));
        assertThat(found[3]).isEqualTo(found[1] * found[2]);
        assertThat(predict(model, 0, 0, 39, 0)[2]).isCloseTo(everybodys, within(1e-12));
        assertThat(model.signature().outputs())
                .extracting(o -> o.name())
                .containsExactly("p_alive", "expected_purchases", "expected_average_value", "expected_value");
    }

    @Test
    void missing_isMissing() throws IOException {
        Model model = Objects.requireNonNull(open("{\"model\": \"bg_nbd\", \"horizon\": 30, " + CDNOW + "}", 3));
        assertThat(predict(model, Double.NaN, Double.NaN, Double.NaN)).containsOnly(Double.NaN);
    }

    /** The age of the customers of tomorrow, and of the most faithful: as close to a bound as numbers come. */
    @Test
    void extremes_areFinite() throws IOException {
        for (String text : List.of(
                "{\"model\": \"bg_nbd\", \"horizon\": 3650, " + CDNOW + "}",
                "{\"model\": \"pareto_nbd\", \"horizon\": 3650, \"parameters\":"
                        + " {\"r\": 0.5, \"alpha\": 0.01, \"s\": 0.6, \"beta\": 40}}")) {
            Model model = Objects.requireNonNull(open(text, 3));
            for (double[] row : new double[][] {{0, 0, 0}, {5_000, 7_000, 7_000}, {5_000, 10, 7_000}, {1, 1, 36_500}}) {
                double[] found = predict(model, row);
                assertThat(found[0]).as(text).isBetween(0.0, 1.0);
                assertThat(found[1]).as(text).isBetween(0.0, 1e6);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"model": "bg_nbd", "horizon": 30}                                                                      | parameters
            {"model": "bgnbd", "horizon": 30, "parameters": {"r": 1, "alpha": 1, "a": 2, "b": 1}}                   | bg_nbd
            {"model": "bg_nbd", "parameters": {"r": 1, "alpha": 1, "a": 2, "b": 1}}                                 | horizon
            {"model": "bg_nbd", "horizon": 30, "parameters": {"r": 1, "alpha": -1, "a": 2, "b": 1}}                 | 'alpha' must be more than 0, found
            {"model": "bg_nbd", "horizon": 30, "parameters": {"r": 1, "alpha": 1, "a": 2, "beta": 1}}               | beta
            {"model": "bg_nbd", "horizon": 30, "parameters": {"r": 1, "alpha": 1, "a": 1, "b": 1}}                  | a is exactly 1
            {"model": "pareto_nbd", "horizon": 30, "parameters": {"r": "x", "alpha": 1, "s": 2, "beta": 1}}         | number
            {"model": "bg_nbd", "horizon": 30, "parameters": {"r": 1, "alpha": 1, "a": 2, "b": 1}, "gamma_gamma": {"p": 1, "q": 0.5, "v": 1}} | q must be more than 1
            {"model": "bg_nbd", "horizon": 30, "parameters": {"r": 1, "alpha": 1, "a": 2, "b": 1}, "gamma_gamma": {"p": 1, "q": 2, "v": 1}}   | one input of 4 features
            """)
    void fileThatCannotBeServed_isNamed(String text, String reason) throws IOException {
        assertThat(open(text, 3)).isNull();
        assertThat(problems.list()).extracting(Problem::toString).anyMatch(problem -> problem.contains(reason));
    }
}
