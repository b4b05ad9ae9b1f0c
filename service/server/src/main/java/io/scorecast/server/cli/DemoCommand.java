package io.scorecast.server.cli;

import io.scorecast.server.store.EmbeddedRedis;
import io.scorecast.server.store.Fsync;
import io.scorecast.server.store.StoreSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./scorecast demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts a service on an embedded Redis, loads real customers into it, and says what to ask it.",
            "The customers are households of the Complete Journey data (32 MB, downloaded once) that no model was"
                    + " trained on, moved in time to end this week. Without Python or network it makes customers up."
        })
final class DemoCommand implements Callable<Integer> {

    @Mixin
    private ServiceOptions service;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${sys:scorecast.home:-.}/.scorecast/demo",
            description = "Where the demo keeps its files. Default: .scorecast/demo beside ./scorecast")
    private Path data;

    @Option(names = "--synthetic", description = "Makes customers up: no download, no Python.")
    private boolean synthetic;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ServiceSettings settings = service.settings(StoreSettings.of(ServiceSettings.EMBEDDED), Fsync.EVERYSEC, data);
        Path memory = data.resolve("demo.json");
        DemoData loaded = loadedBefore(memory);
        Files.createDirectories(data);
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (ExecutorService maker = Executors.newSingleThreadExecutor()) {
            // Made while the service starts: both take seconds.
            Future<DemoCustomers.Made> made =
                    loaded == null ? maker.submit(() -> new DemoCustomers(data, err).make(synthetic)) : null;
            try (Service running = Service.start(settings)) {
                DemoData present = loaded == null ? load(running, made, memory) : loaded;
                describe(present, loaded != null, out);
                running.announce(out);
                new DemoGuide(present, running.url(), Instant.now()).print(out);
                out.flush();
                running.awaitStop();
            } finally {
                maker.shutdownNow();
            }
        }
        return 0;
    }

    /** What is there from an earlier run, if it is what is asked for and not too old; else it is cleared away. */
    private @Nullable DemoData loadedBefore(Path memory) throws IOException {
        Path redis = data.resolve("redis");
        DemoData before = DemoData.of(memory);
        if (before == null && Files.exists(redis.resolve("appendonlydir"))) {
            throw new CommandFailure(data + ": holds data that is not the demo's; name another folder with --data");
        }
        if (EmbeddedRedis.isInUse(redis)) {
            throw new CommandFailure(data + ": a demo runs there already; stop it, or name another folder with --data");
        }
        if (before != null && before.synthetic() == synthetic && before.isRecent(Instant.now())) {
            return before;
        }
        if (before != null) {
            delete(redis);
            Files.delete(memory);
        }
        return null;
    }

    private DemoData load(Service running, @Nullable Future<DemoCustomers.Made> coming, Path memory)
            throws IOException, InterruptedException {
        DemoCustomers.Made made = await(coming);
        PrintWriter err = spec.commandLine().getErr();
        EventFiles files = EventFiles.open(List.of(made.file()), "loading events", err);
        try (BadRows bad = BadRows.open(err, null);
                EventLoader loader = new EventLoader(running.ingestor())) {
            loader.load(files, bad);
            bad.summarise(spec.qualifiedName());
        }
        made.data().write(memory);
        Files.delete(made.file());
        return made.data();
    }

    private static DemoCustomers.Made await(@Nullable Future<DemoCustomers.Made> coming)
            throws IOException, InterruptedException {
        if (coming == null) {
            throw new IllegalStateException("nothing is being made");
        }
        try {
            return coming.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException("the customers could not be made", e.getCause());
        }
    }

    private static void describe(DemoData data, boolean before, PrintWriter out) {
        String loaded = before ? "there from before" : "loaded";
        if (data.synthetic()) {
            out.printf(
                    Locale.ROOT,
                    "%,d customers with %,d events %s. They are made up: nobody real is among them.%n",
                    data.customers(),
                    data.events(),
                    loaded);
        } else {
            out.printf(
                    Locale.ROOT,
                    "%,d real households with %,d events %s: The Complete Journey (84.51°), for education and"
                            + " exploration; no model was trained on them.%n"
                            + "Their data ended on %s; every event is moved by %d weeks, so that it ends on %s.%n",
                    data.customers(),
                    data.events(),
                    loaded,
                    data.dataEnded().substring(0, 10),
                    data.movedWeeks(),
                    data.lastEvent().substring(0, 10));
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            Scratch.delete(folder);
        }
    }
}
