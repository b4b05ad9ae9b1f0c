package io.scorecast.server.cli;

import io.scorecast.engine.profile.SourcePriority;
import io.scorecast.engine.scorer.ScorerSettings;
import io.scorecast.server.scoring.ScoringSettings;
import io.scorecast.server.store.Fsync;
import io.scorecast.server.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a service listens and answers. {@link Settings} finds what the command line does not say. */
final class ServiceOptions {

    private static final long MEBI = 1 << 20;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Where to listen; 0 takes a free one. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The address to listen on, 0.0.0.0 for all. Default: ${DEFAULT-VALUE}")
    private String host;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            defaultValue = "${sys:scorecast.home:-.}/models",
            description = "The model repository. Default: models beside ./scorecast")
    private Path models;

    @Option(
            names = "--deadline",
            paramLabel = "MS",
            defaultValue = "500",
            description = "Milliseconds after which a request gets the fallback. Default: ${DEFAULT-VALUE}")
    private long deadline;

    @Option(
            names = "--batch-deadline",
            paramLabel = "MS",
            defaultValue = "5000",
            description = "The same for the customers of a batch. Default: ${DEFAULT-VALUE}")
    private long batchDeadline;

    @Option(
            names = "--max-age",
            paramLabel = "SECONDS",
            defaultValue = "900",
            description = "How long an answer may be served if nothing changes. Default: ${DEFAULT-VALUE}")
    private long maxAge;

    @Option(
            names = "--near-cache",
            paramLabel = "MB",
            defaultValue = "64",
            description = "Memory for answers in the process; 0 turns that cache off. Default: ${DEFAULT-VALUE}")
    private long nearCache;

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

    @Option(
            names = "--cache-max-age",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "How long a caller may keep an answer without asking again; 0 has it ask each time."
                    + " Default: ${DEFAULT-VALUE}")
    private long cacheMaxAge;

    @Mixin
    private AccessOptions access;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    ServiceSettings settings(StoreSettings store, Fsync fsync, Path data) throws IOException {
        check(port >= 0 && port <= 65_535, "--port must be from 0 to 65535, not " + port);
        check(deadline > 0, "--deadline must be more than 0, not " + deadline);
        check(batchDeadline > 0, "--batch-deadline must be more than 0, not " + batchDeadline);
        check(maxAge > 0, "--max-age must be more than 0, not " + maxAge);
        check(
                cacheMaxAge >= 0 && cacheMaxAge <= maxAge,
                "--cache-max-age must be from 0 to --max-age, " + maxAge + ", not " + cacheMaxAge);
        check(nearCache >= 0, "--near-cache must be 0 or more, not " + nearCache);
        if (!Files.isDirectory(models)) {
            throw new CommandFailure(
                    models + ": no such folder; expected a model repository, <model>/<version>/model.yaml");
        }
        ScoringSettings standard = ScoringSettings.standard();
        return new ServiceSettings(
                host,
                port,
                models,
                store,
                data,
                fsync,
                new ScorerSettings(
                        Duration.ofSeconds(maxAge),
                        SourcePriority.of(sourcePriority == null ? List.of() : sourcePriority),
                        consentRequired),
                new ScoringSettings(
                        Duration.ofMillis(deadline),
                        Duration.ofMillis(batchDeadline),
                        standard.workers(),
                        standard.batchSize(),
                        standard.queue(),
                        nearCache * MEBI,
                        standard.proofAge(),
                        Duration.ofSeconds(cacheMaxAge)),
                access.settings());
    }

    private void check(boolean good, String otherwise) {
        if (!good) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
