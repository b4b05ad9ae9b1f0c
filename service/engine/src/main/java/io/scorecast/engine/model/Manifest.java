package io.scorecast.engine.model;

import io.scorecast.engine.problem.YamlNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code model.yaml} says.
 *
 * @param task a free word: propensity, churn, clv, next-product
 * @param runtime which {@link ModelRuntime} opens the file
 * @param engine asks the runtime for one of its engines; empty for its own choice
 * @param file the model file's name within the folder
 * @param features the feature definitions as they stand in the file
 * @param candidates the lists of candidates as they stand in the file; null if the model ranks no pairs
 * @param pairs the definitions of the features of pairs as they stand in the file; null if the model ranks no pairs
 * @param reasons the words for features' values as they stand in the file; null if there are none
 * @param training free content: rows, windows, cut-off dates, library versions, metrics beside baselines
 * @param tolerance a golden number agrees if {@code |Δ| <= tolerance · max(1, |x|)}
 * @param latencyLimitMs milliseconds for one row above which the version is refused; infinite without a limit
 */
public record Manifest(
        String name,
        String task,
        String description,
        String runtime,
        String engine,
        String file,
        List<InputSpec> inputs,
        @Nullable YamlNode features,
        @Nullable YamlNode candidates,
        @Nullable YamlNode pairs,
        @Nullable YamlNode reasons,
        List<OutputSpec> outputs,
        Map<String, Object> training,
        double tolerance,
        double latencyLimitMs) {

    public Manifest {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        training = Map.copyOf(training);
    }

    /** Whether the model's rows are pairs of a customer and a candidate. */
    public boolean ranksPairs() {
        return candidates != null || pairs != null;
    }
}
