package io.scorecast.server.cli;

import io.scorecast.engine.profile.SourcePriority;
import io.scorecast.engine.scorer.ScorerSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What answers depend on besides models and policy: the same for a service and for a job on the command line. */
final class ScorerOptions {

    @Option(
            names = "--max-age",
            paramLabel = "SECONDS",
            defaultValue = "900",
            description = "How long an answer may be served if nothing changes. Default: ${DEFAULT-VALUE}")
    private long maxAge;

    @Option(
            names = "--source-priority",
            paramLabel = "SOURCE",
            split = ",",
            description = "Whose attributes win, the most trusted source first. Default: all are equal")
    private @Nullable List<String> sourcePriority;

    @Option(
            names = "--consent-required",
            paramLabel = "true|false",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            description = "Only customers who have permitted profiling are scored; else all who have not objected")
    private boolean consentRequired;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    ScorerSettings settings() {
        if (maxAge <= 0) {
            throw new ParameterException(spec.commandLine(), "--max-age must be more than 0, not " + maxAge);
        }
        return new ScorerSettings(
                Duration.ofSeconds(maxAge),
                SourcePriority.of(sourcePriority == null ? List.of() : sourcePriority),
                consentRequired);
    }
}
