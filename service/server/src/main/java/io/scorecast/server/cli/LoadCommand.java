package io.scorecast.server.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.scorecast.server.ingest.Ingestor;
import io.scorecast.server.ingest.file.TableShape;
import io.scorecast.server.store.EmbeddedRedis;
import io.scorecast.server.store.RedisStore;
import io.scorecast.server.store.StoreMeters;
import io.scorecast.server.store.StoreSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./scorecast load}. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Loads events from files into Redis, also while services run on it: into the one that --redis-url names,"
                    + " else into that of the data folder, which is started for as long as it takes if no service"
                    + " runs there.",
            "Rows that are wrong are listed with their line and left out; the exit code is then 1. Loading a file"
                    + " again is harmless: an event counts once."
        })
final class LoadCommand implements Callable<Integer> {

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Event files: NDJSON, a JSON array, CSV or Parquet; gzip too.")
    private List<Path> files;

    @Option(
            names = "--mapping",
            paramLabel = "FILE.yaml",
            description = "Which column of a table is which field, and what no column says.")
    private @Nullable Path mapping;

    @Option(
            names = "--attributes",
            description = "Tables of one row a customer: all columns but customer_id, time and source are attributes.")
    private boolean attributes;

    @Option(
            names = "--as-of",
            paramLabel = "T",
            converter = InstantConverter.class,
            description = "When such rows were true, RFC 3339. Default: when the file was last written")
    private @Nullable Long asOf;

    @Mixin
    private RedisOptions redis;

    @Mixin
    private AttributeOptions allowed;

    @Option(
            names = "--rejects",
            paramLabel = "FILE",
            description = "Writes every row that was left out, with its reason, as a line of JSON.")
    private @Nullable Path rejects;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        if (asOf != null && !attributes) {
            throw new ParameterException(spec.commandLine(), "--as-of belongs to --attributes");
        }
        Path map = mapping;
        TableShape shape = map == null ? TableShape.PLAIN : TableShape.read(map, Files.readString(map));
        EventFiles events = EventFiles.open(files, file -> shape(shape, file), "loading events", err);
        StoreSettings store = redis.store();
        if (!store.redis().equals(ServiceSettings.EMBEDDED)) {
            return load(events, store);
        }
        try (EmbeddedRedis embedded = EmbeddedRedis.start(redis.data().resolve("redis"), redis.fsync())) {
            return load(events, store.at(embedded.url()));
        }
    }

    private TableShape shape(TableShape mapped, Path file) throws IOException {
        Long time = asOf;
        if (!attributes || !Files.exists(file)) {
            return mapped;
        }
        return mapped.wideAsOf(time == null ? Files.getLastModifiedTime(file).toMillis() : time);
    }

    private int load(EventFiles events, StoreSettings settings) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        long start = System.nanoTime();
        try (RedisStore store = RedisOptions.open(settings, new StoreMeters(new SimpleMeterRegistry()));
                BadRows bad = BadRows.open(err, rejects);
                EventLoader loader = new EventLoader(new Ingestor(store, customer -> {}, allowed.rule()))) {
            store.ping();
            try {
                loader.load(events, bad);
            } catch (IOException | RuntimeException e) {
                if (loader.stored() > 0) {
                    say(loader, start);
                }
                throw e;
            }
            say(loader, start);
            bad.summarise(spec.qualifiedName());
            return bad.count() == 0 ? 0 : 1;
        }
    }

    private void say(EventLoader loader, long start) {
        double seconds = (System.nanoTime() - start) / 1e9;
        spec.commandLine().getOut().printf(Locale.ROOT, "%,d events loaded in %.1f s%n", loader.stored(), seconds);
    }
}
