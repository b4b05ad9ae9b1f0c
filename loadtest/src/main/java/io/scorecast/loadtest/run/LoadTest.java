package io.scorecast.loadtest.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Runs a scenario: customers, a warm-up, the load. */
final class LoadTest {

    private static final Duration LONGEST_LOADING = Duration.ofMinutes(15);
    private static final int LOADING_CONNECTIONS = 8;

    private final Scenario scenario;
    private final PrintWriter progress;

    /**
     * Prepares.
     *
     * @param progress is told what takes long
     */
    LoadTest(Scenario scenario, PrintWriter progress) {
        this.scenario = scenario;
        this.progress = progress;
    }

    /**
     * Against a service of its own.
     *
     * @param launcher starts it
     * @param models what it serves; null for what comes along
     * @param home the repository
     */
    Outcome runOwn(List<String> launcher, @Nullable Path models, Path home) throws IOException, InterruptedException {
        List<String> ids = IntStream.range(0, scenario.customers())
                .mapToObj(MadeUpEvents::id)
                .toList();
        if (scenario.bare()) {
            try (OwnService bare = OwnService.bare(scenario.bodyBytes())) {
                String where = String.format("a bare Netty server that answers %,d bytes", scenario.bodyBytes());
                return run(new Target(bare.url(), null), ids, Optional.of(bare.process()), where);
            }
        }
        List<String> options = models == null ? List.of() : List.of("--models", models.toString());
        String where = String.format("a service of its own, %,d made-up customers", ids.size());
        Companion companion = companion(models == null ? home.resolve("models") : models);
        if (companion == null) {
            try (OwnService service = filled(launcher, options, ids)) {
                return run(new Target(service.url(), null), ids, Optional.of(service.process()), where);
            }
        }
        try (companion;
                OwnService service =
                        filled(launcher, companion.options().isEmpty() ? options : companion.options(), ids)) {
            return runTwice(service, companion, ids, where);
        }
    }

    private @Nullable Companion companion(Path models) throws IOException {
        return switch (scenario.with()) {
            case NOTHING -> null;
            case SWAPS -> new Swaps(models);
            case REDIS_PAUSED -> new RedisPaused(scenario.time());
            case AUDIENCE -> new AudienceJobs();
            case WARM_CACHE -> new WarmedCache();
        };
    }

    private OwnService filled(List<String> launcher, List<String> options, List<String> ids)
            throws IOException, InterruptedException {
        progress.println("Starting a service of its own …");
        OwnService service = OwnService.scorecast(launcher, options);
        try {
            progress.printf("Loading %,d made-up customers with %d events each …%n", ids.size(), scenario.eventsEach());
            fill(new Target(service.url(), null));
            return service;
        } catch (IOException | InterruptedException | RuntimeException e) {
            service.close();
            throw e;
        }
    }

    /** Gives a service the past of the made-up customers. */
    void fill(Target target) throws IOException, InterruptedException {
        try (Generator generator = new Generator(target, LOADING_CONNECTIONS, Duration.ofMinutes(1))) {
            Recorder recorder = generator.run(
                    new Pace.Closed(),
                    LONGEST_LOADING,
                    new PastRequests(scenario.customers(), scenario.eventsEach(), target),
                    1);
            if (recorder.errorCount() > 0) {
                throw new LoadTestFailure("the made-up customers could not be loaded: " + recorder.errors());
            }
        }
    }

    /**
     * The customers to ask for at a given service.
     *
     * @param file one id a line; null to have the service list them
     */
    List<String> customers(Target target, @Nullable Path file) throws IOException, InterruptedException {
        if (file != null) {
            List<String> ids = Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(id -> !id.isEmpty())
                    .toList();
            if (ids.isEmpty()) {
                throw new LoadTestFailure(file + ": has no ids");
            }
            return ids;
        }
        try (ServiceClient client = new ServiceClient(target)) {
            List<String> ids = client.customers(scenario.customers());
            if (ids.isEmpty()) {
                throw new LoadTestFailure(
                        "the service at " + target.url() + " has no customers; --ids FILE names some");
            }
            return ids;
        } catch (ConnectException e) {
            throw new LoadTestFailure("no service answers at " + target.url() + "; without --url one is started");
        }
    }

    /**
     * Against a service that runs.
     *
     * @param process the service's, if it is of this machine
     * @param where says what it is
     */
    Outcome run(Target target, List<String> ids, Optional<ProcessHandle> process, String where)
            throws IOException, InterruptedException {
        ScenarioRequests requests = new ScenarioRequests(scenario, new Customers(ids), target);
        try (Generator generator = new Generator(target, scenario.connections(), scenario.patience())) {
            warmUp(generator, requests);
            progress.printf("Asking for %d s …%n", scenario.time().toSeconds());
            return ask(generator, requests, process, where);
        }
    }

    private void warmUp(Generator generator, ScenarioRequests requests) throws InterruptedException {
        if (!scenario.warmUp().isZero()) {
            progress.printf("Warming up for %d s …%n", scenario.warmUp().toSeconds());
            generator.run(
                    warmUpPace(), scenario.warmUp(), requests, scenario.parts().size());
        }
    }

    private Outcome ask(Generator generator, ScenarioRequests requests, Optional<ProcessHandle> process, String where)
            throws InterruptedException {
        ProcessUse service = use(process);
        ProcessUse store = children(process);
        ProcessUse self = ProcessUse.of(ProcessHandle.current());
        Recorder recorder = generator.run(
                scenario.pace(), scenario.time(), requests, scenario.parts().size());
        return new Outcome(
                scenario,
                where,
                recorder,
                use(process).since(service),
                children(process).since(store),
                ProcessUse.of(ProcessHandle.current()).since(self),
                null,
                "");
    }

    /** Alone, then with the companion. */
    private Outcome runTwice(OwnService service, Companion companion, List<String> ids, String where)
            throws IOException, InterruptedException {
        Target target = new Target(service.url(), null);
        Optional<ProcessHandle> process = Optional.of(service.process());
        ScenarioRequests before = new ScenarioRequests(scenario, new Customers(companion.alone(ids)), target);
        ScenarioRequests after = new ScenarioRequests(scenario, new Customers(companion.together(ids)), target);
        try (Generator generator = new Generator(target, scenario.connections(), scenario.patience())) {
            warmUp(generator, before);
            progress.printf("Asking for %d s …%n", scenario.time().toSeconds());
            Outcome alone = ask(generator, before, process, where);
            companion.prepare(service);
            progress.printf(
                    "Asking for %d s with %s …%n",
                    scenario.time().toSeconds(), scenario.with().words());
            Outcome with;
            try (Beside beside = new Beside(companion, service)) {
                with = ask(generator, after, process, where);
                beside.end();
            }
            return with.after(alone, companion.told());
        }
    }

    /** Of a rate that rises, its middle. */
    private Pace warmUpPace() {
        return switch (scenario.pace()) {
            case Pace.Open open -> new Pace.Open((open.from() + open.to()) / 2, (open.from() + open.to()) / 2);
            case Pace.Closed closed -> closed;
        };
    }

    private static ProcessUse use(Optional<ProcessHandle> process) {
        return process.map(ProcessUse::of).orElse(ProcessUse.UNKNOWN);
    }

    private static ProcessUse children(Optional<ProcessHandle> process) {
        List<ProcessUse> uses = process.stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessUse::of)
                .toList();
        return uses.isEmpty()
                ? ProcessUse.UNKNOWN
                : new ProcessUse(
                        uses.stream().mapToDouble(ProcessUse::cpuSeconds).sum(),
                        uses.stream().mapToLong(ProcessUse::residentBytes).sum());
    }
}
