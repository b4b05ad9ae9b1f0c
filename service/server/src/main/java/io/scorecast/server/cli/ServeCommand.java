package io.scorecast.server.cli;

import io.scorecast.engine.scorer.ScorerSettings;
import io.scorecast.server.scoring.ScoringSettings;
import io.scorecast.server.serving.ScorerHandle;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./scorecast serve}. */
@Command(
        name = "serve",
        description = "Serves scores over HTTP until it is stopped.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ServeCommand implements Callable<Integer> {

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "${env:SCORECAST_PORT:-8080}",
            description = "Where to listen; 0 takes a free one. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "${env:SCORECAST_HOST:-127.0.0.1}",
            description = "The address to listen on, 0.0.0.0 for all. Default: ${DEFAULT-VALUE}")
    private String host;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            defaultValue = "${env:SCORECAST_MODELS:-${sys:scorecast.home:-.}/models}",
            description = "The model repository. Default: models beside ./scorecast")
    private Path models;

    @Option(
            names = "--redis-url",
            paramLabel = "URL",
            defaultValue = "${env:REDIS_URL}",
            description = "redis://, redis+cluster:// or redis+sentinel://, with rediss for TLS. Default: the service"
                    + " starts a Redis of its own")
    private @Nullable String redis;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${env:SCORECAST_DATA:-${sys:scorecast.home:-.}/.scorecast/data}",
            description = "Where a Redis of its own keeps its files. Default: .scorecast/data beside ./scorecast")
    private Path data;

    @Option(
            names = "--deadline",
            paramLabel = "MS",
            defaultValue = "${env:SCORECAST_DEADLINE:-500}",
            description = "Milliseconds after which a request gets the fallback. Default: ${DEFAULT-VALUE}")
    private long deadline;

    @Option(
            names = "--max-age",
            paramLabel = "SECONDS",
            defaultValue = "${env:SCORECAST_MAX_AGE:-900}",
            description = "How long an answer may be served if nothing changes. Default: ${DEFAULT-VALUE}")
    private long maxAge;

    @Mixin
    private StoreOptions store;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        long started = startOfProcess();
        PrintWriter out = spec.commandLine().getOut();
        CountDownLatch stopped = new CountDownLatch(1);
        try (Service service = Service.start(settings())) {
            Thread stop = new Thread(service::close, "stop");
            Runtime.getRuntime().addShutdownHook(stop);
            out.printf(
                    "Ready in %.1f s at %s, serving %s%n",
                    (System.currentTimeMillis() - started) / 1e3, service.url(), versions(service));
            stopped.await();
        }
        return 0;
    }

    private ServiceSettings settings() {
        check(port >= 0 && port <= 65_535, "--port must be from 0 to 65535");
        check(deadline > 0, "--deadline must be more than 0");
        check(maxAge > 0, "--max-age must be more than 0");
        return new ServiceSettings(
                host,
                port,
                models,
                store.settings(redis == null || redis.isEmpty() ? ServiceSettings.EMBEDDED : url(redis)),
                data,
                store.fsync(),
                new ScorerSettings(Duration.ofSeconds(maxAge), ScorerSettings.DEFAULT.sourcePriority()),
                ScoringSettings.standard().withDeadline(Duration.ofMillis(deadline)));
    }

    private URI url(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--redis-url is no URL", e);
        }
    }

    private void check(boolean good, String otherwise) {
        if (!good) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private static String versions(Service service) {
        try (ScorerHandle handle = service.live().acquire()) {
            Map<String, Integer> versions = handle.scorer().schema().versions();
            return versions.entrySet().stream()
                    .map(version -> version.getKey() + " " + version.getValue())
                    .collect(Collectors.joining(", "));
        }
    }

    /** From the start of the JVM, not of this command: it is what a user waits for. */
    private static long startOfProcess() {
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(java.time.Instant::toEpochMilli)
                .orElseGet(System::currentTimeMillis);
    }
}
