package io.scorecast.engine.scorer;

import io.scorecast.engine.model.ModelRuntime;
import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.model.Pace;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a model version must pass before it is served, in this order: hashes, manifest, features, the model's
 * inputs, the model file, golden examples from events to score, a second engine, the scores of a sample, a warm-up, the
 * latency. Each step is reported, and a step runs though an earlier one failed if it can tell more.
 */
public final class Gate {

    private final ScorerSettings settings;
    private final List<ModelRuntime> runtimes;

    public Gate(ScorerSettings settings, List<ModelRuntime> runtimes) {
        this.settings = settings;
        this.runtimes = List.copyOf(runtimes);
    }

    /**
     * What came of a check.
     *
     * @param version the opened version, which the caller closes; null if it did not pass
     */
    public record Result(@Nullable ModelVersion version, GateReport report) {}

    /** Checks a version folder, at once and with every proof. */
    public Result check(Path folder) {
        return check(folder, Pace.NONE, Verdicts.inMemory());
    }

    /**
     * Checks a version folder.
     *
     * @param pace is asked to pause after each slice of about a millisecond; only what a native library does in one call,
     *     opening a file, takes longer
     * @param passed what has passed every proof: of that only hashes, manifest, features and the model file are checked,
     *     and it is warmed up. What passes now is added
     */
    public Result check(Path folder, Pace pace, Verdicts passed) {
        return new GateRun(settings, runtimes, folder, pace).check(passed);
    }
}
