package io.scorecast.engine.model.btyd;

import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelRuntime;
import io.scorecast.engine.model.OpenRequest;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens the parameters of a customer-base model:
 *
 * <pre>{@code
 * {"model": "bg_nbd", "horizon": 90, "parameters": {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426},
 *  "gamma_gamma": {"p": 6.25, "q": 3.74, "v": 15.45}}
 * }</pre>
 *
 * <p>{@code model} is {@code bg_nbd} or {@code pareto_nbd} (r, alpha, s, beta). The horizon is in days, as the features
 * frequency, recency and T are; so are the parameters that have a unit of time. {@code gamma_gamma} may be left out.
 */
public final class BtydRuntime implements ModelRuntime {

    static final String NAME = "btyd";

    /** What the one input has to hold, in this order. */
    private static final List<String> COLUMNS = List.of("frequency", "recency", "T", "monetary_value");

    private static final int LARGEST_FILE = 64 << 10;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public @Nullable Model open(OpenRequest request, Problems inputs, Problems file) {
        if (!request.engine().isEmpty() && !request.engine().equals(NAME)) {
            file.add(request.source(), Nearest.message("engine", request.engine(), List.of(NAME)));
            return null;
        }
        Problems found = new Problems();
        YamlNode root = parse(request, found);
        BtydModel model = root == null ? null : read(root, request, inputs);
        found.list().forEach(file::add);
        return found.isEmpty() ? model : null;
    }

    private static @Nullable YamlNode parse(OpenRequest request, Problems problems) {
        try {
            if (Files.size(request.file()) > LARGEST_FILE) {
                problems.add(request.source(), "more than 64 KiB; expected the parameters of a customer-base model");
                return null;
            }
            return YamlNode.parse(request.source(), Files.readString(request.file()), problems);
        } catch (IOException e) {
            problems.add(request.source(), "it cannot be read as UTF-8 text; expected JSON with model and parameters");
            return null;
        }
    }

    /** Null if the inputs are others. Problems of the file are the node's. */
    private static @Nullable BtydModel read(YamlNode root, OpenRequest request, Problems inputs) {
        root.expectKeys(List.of("model", "horizon", "parameters", "gamma_gamma"));
        YamlNode kind = root.require("model");
        YamlNode parameters = root.require("parameters");
        double horizon = positive(root, "horizon");
        PurchaseModel purchases = null;
        if (kind != null && parameters != null) {
            purchases = switch (kind.text()) {
                case "bg_nbd" -> betaGeo(parameters);
                case "pareto_nbd" -> pareto(parameters);
                default -> {
                    kind.problem(Nearest.message("model", kind.text(), List.of("bg_nbd", "pareto_nbd")));
                    yield null;
                }
            };
        }
        YamlNode spend = root.get("gamma_gamma");
        GammaGamma values = spend == null || spend.isNull() ? null : gammaGamma(spend);
        if (!fits(request, values == null ? 3 : 4, inputs) || purchases == null) {
            return null;
        }
        return new BtydModel(
                purchases, values, horizon, request.inputs().getFirst().name());
    }

    private static BetaGeo betaGeo(YamlNode parameters) {
        parameters.expectKeys(List.of("r", "alpha", "a", "b"));
        double a = positive(parameters, "a");
        if (a == 1) {
            parameters.problem("a is exactly 1, where the expected purchases are not defined");
        }
        return new BetaGeo(positive(parameters, "r"), positive(parameters, "alpha"), a, positive(parameters, "b"));
    }

    private static Pareto pareto(YamlNode parameters) {
        parameters.expectKeys(List.of("r", "alpha", "s", "beta"));
        return new Pareto(
                positive(parameters, "r"),
                positive(parameters, "alpha"),
                positive(parameters, "s"),
                positive(parameters, "beta"));
    }

    private static GammaGamma gammaGamma(YamlNode parameters) {
        parameters.expectKeys(List.of("p", "q", "v"));
        double q = positive(parameters, "q");
        if (q <= 1) {
            parameters.problem("q must be more than 1, or the mean value has no expectation; found " + q);
        }
        return new GammaGamma(positive(parameters, "p"), q, positive(parameters, "v"));
    }

    private static double positive(YamlNode map, String key) {
        YamlNode node = map.require(key);
        if (node == null) {
            return 1;
        }
        double number = node.number();
        if (!(number > 0 && number < Double.POSITIVE_INFINITY)) {
            node.problem("'" + key + "' must be more than 0, found " + node.found());
        }
        return number;
    }

    private static boolean fits(OpenRequest request, int width, Problems inputs) {
        List<String> expected = COLUMNS.subList(0, width);
        List<OpenRequest.Input> given = request.inputs();
        if (given.size() != 1 || given.getFirst().columns().size() != width) {
            inputs.add(
                    request.source(),
                    "the model has one input of " + width + " features, the kinds " + String.join(", ", expected)
                            + " in this order");
            return false;
        }
        return true;
    }
}
