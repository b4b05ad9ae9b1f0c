package io.scorecast.server.cli;

import io.scorecast.engine.scorer.ScorerSettings;
import io.scorecast.server.scoring.ScoringSettings;
import io.scorecast.server.store.Fsync;
import io.scorecast.server.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
            names = "--near-cache",
            paramLabel = "MB",
            defaultValue = "64",
            description = "Memory for answers in the process; 0 turns that cache off. Default: ${DEFAULT-VALUE}")
    private long nearCache;

    @Mixin
    private ScorerOptions scorer;

    @Mixin
    private AudienceOptions audiences;

    @Option(
            names = "--cache-max-age",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "How long a caller may keep an answer without asking again; 0 has it ask each time."
                    + " Default: ${DEFAULT-VALUE}")
    private long cacheMaxAge;

    @Mixin
    private AccessOptions access;

    @Mixin
    private PrivacyOptions privacy;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    ServiceSettings settings(StoreSettings store, Fsync fsync, Path data) throws IOException {
        check(port >= 0 && port <= 65_535, "--port must be from 0 to 65535, not " + port);
        check(deadline > 0, "--deadline must be more than 0, not " + deadline);
        check(batchDeadline > 0, "--batch-deadline must be more than 0, not " + batchDeadline);
        ScorerSettings scoring = scorer.settings();
        long most = scoring.ageLimit().toSeconds();
        check(
                cacheMaxAge >= 0 && cacheMaxAge <= most,
                "--cache-max-age must be from 0 to --max-age, " + most + ", not " + cacheMaxAge);
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
                scoring,
                new ScoringSettings(
                        Duration.ofMillis(deadline),
                        Duration.ofMillis(batchDeadline),
                        standard.workers(),
                        standard.batchSize(),
                        standard.queue(),
                        nearCache * MEBI,
                        standard.proofAge(),
                        Duration.ofSeconds(cacheMaxAge)),
                audiences.settings(data),
                access.settings(),
                privacy.settings());
    }

    private void check(boolean good, String otherwise) {
        if (!good) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
