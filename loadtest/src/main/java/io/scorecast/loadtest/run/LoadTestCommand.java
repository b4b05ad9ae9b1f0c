package io.scorecast.loadtest.run;

import io.scorecast.engine.problem.Nearest;
import io.scorecast.loadtest.run.Scenario.Objectives;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./scorecast loadtest}. */
@Command(
        name = "loadtest",
        description = {
            "Sends requests at their intended times, whatever became of those before, and tells how long the answers"
                    + " took from then on. Without --url it starts a service of its own on made-up customers.",
            "",
            "Exits 1 if an objective of the scenario or of the command line is missed."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class LoadTestCommand implements Callable<Integer> {

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SCENARIO",
            defaultValue = "steady",
            description = "One of those that --list names, or a file. Default: ${DEFAULT-VALUE}")
    private String scenario;

    @Option(names = "--list", description = "Tell the scenarios that come along.")
    private boolean list;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "A running service, e.g. http://127.0.0.1:8080. Default: one of its own")
    private @Nullable String url;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "${env:SCORECAST_KEY}",
            description = "A key, where the service asks for one. Default: SCORECAST_KEY in the environment")
    private @Nullable String key;

    @Option(
            names = "--ids",
            paramLabel = "FILE",
            description = "The customers to ask for, one id a line. Default: those that the service lists")
    private @Nullable Path ids;

    @Option(names = "--write", description = "Let the scenario add made-up events to the service at --url.")
    private boolean write;

    @Option(
            names = "--pid",
            paramLabel = "PID",
            description = "The process of the service at --url, if it runs here: tells what it uses.")
    private @Nullable Long pid;

    @Option(names = "--models", paramLabel = "DIR", description = "What a service of its own serves.")
    private @Nullable Path models;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Requests a second instead of the scenario's, or max: as fast as it answers.")
    private @Nullable String rate;

    @Option(names = "--seconds", paramLabel = "N", description = "How long, instead of the scenario's time.")
    private @Nullable Integer seconds;

    @Option(names = "--warm-up", paramLabel = "SECONDS", description = "Before that, not counted.")
    private @Nullable Integer warmUp;

    @Option(names = "--connections", paramLabel = "N", description = "Kept alive.")
    private @Nullable Integer connections;

    @Option(names = "--customers", paramLabel = "N", description = "How many are made up, or asked for at most.")
    private @Nullable Integer customers;

    @Option(names = "--p99-ms", paramLabel = "MS", description = "Objective: 99 of 100 answers take at most this long.")
    private @Nullable Double p99;

    @Option(names = "--max-errors", paramLabel = "N", description = "Objective: at most so many errors.")
    private @Nullable Long maxErrors;

    @Option(
            names = "--chart",
            paramLabel = "FILE",
            description = "Latency over time, as SVG. Default: .scorecast/loadtest/SCENARIO.svg beside ./scorecast")
    private @Nullable Path chart;

    @Option(names = "--json", paramLabel = "FILE", description = "Write what came of it as JSON too.")
    private @Nullable Path json;

    @Spec
    private CommandSpec spec;

    private final Path home;
    private final List<String> launcher;

    /**
     * Sets where things are.
     *
     * @param home the repository
     * @param launcher starts a service of one's own
     */
    LoadTestCommand(Path home, List<String> launcher) {
        this.home = home;
        this.launcher = launcher;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Path folder = home.resolve("loadtest/scenarios");
        if (list) {
            ScenarioFile.list(folder).forEach((name, about) -> out.printf("%-10s %s%n", name, about));
            return 0;
        }
        Scenario load = overridden(ScenarioFile.read(file(folder)));
        @Nullable String address = url;
        Optional<ProcessHandle> process = process();
        LoadTest test = new LoadTest(load, spec.commandLine().getErr());
        Outcome outcome;
        if (address == null) {
            outcome = test.runOwn(launcher, models, home);
        } else {
            if (load.with() != Scenario.With.NOTHING) {
                throw wrongUse("'" + load.name() + "' does things to the service; it takes one of its own, not --url");
            }
            Target target = new Target(address(address), key);
            if (load.writes() && !write) {
                throw wrongUse(
                        "'" + load.name() + "' adds made-up events to the service at " + address + "; --write lets it");
            }
            outcome = test.run(
                    target, test.customers(target, ids), process, target.url().toString());
        }
        new Report(out).print(outcome);
        draw(outcome, out);
        if (json != null) {
            JsonOutcome.write(outcome, json);
        }
        List<String> missed = outcome.missed();
        if (!missed.isEmpty()) {
            throw new LoadTestFailure("missed: " + String.join("; ", missed));
        }
        return 0;
    }

    private Path file(Path folder) throws IOException {
        if (scenario.matches(".*(\\.ya?ml|[/\\\\].*)")) {
            return Path.of(scenario);
        }
        Path file = folder.resolve(scenario + ".yaml");
        if (!Files.exists(file)) {
            Map<String, String> known = ScenarioFile.list(folder);
            throw wrongUse(Nearest.message("scenario", scenario, known.keySet()));
        }
        return file;
    }

    private ParameterException wrongUse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private Optional<ProcessHandle> process() {
        if (pid == null) {
            return Optional.empty();
        }
        if (url == null) {
            throw wrongUse("--pid is about the service at --url");
        }
        Optional<ProcessHandle> found = ProcessHandle.of(pid);
        if (found.isEmpty()) {
            throw wrongUse("--pid: there is no process " + pid);
        }
        return found;
    }

    private URI address(String text) {
        try {
            URI address = URI.create(text);
            if (address.getHost() != null && List.of("http", "https").contains(address.getScheme())) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw wrongUse("--url '" + text + "' is no http:// or https:// address");
    }

    private Scenario overridden(Scenario file) {
        if (url == null && ids != null) {
            throw wrongUse("--ids is about the service at --url; a service of its own has made-up customers");
        }
        if (p99 != null && !(p99 > 0)) {
            throw wrongUse("--p99-ms " + p99 + ": expected a number above 0");
        }
        return new Scenario(
                file.name(),
                file.about(),
                file.bare(),
                file.bodyBytes(),
                number("--customers", customers, 1, file.customers()),
                file.eventsEach(),
                file.choice(),
                rate == null ? file.pace() : pace(rate),
                Duration.ofSeconds(
                        number("--warm-up", warmUp, 0, (int) file.warmUp().toSeconds())),
                Duration.ofSeconds(
                        number("--seconds", seconds, 1, (int) file.time().toSeconds())),
                number("--connections", connections, 1, file.connections()),
                file.patience(),
                file.parts(),
                file.with(),
                new Objectives(
                        p99 == null ? file.objectives().p99Millis() : p99,
                        maxErrors == null ? file.objectives().errors() : maxErrors,
                        file.objectives().p99Times()));
    }

    private int number(String option, @Nullable Integer given, int least, int standard) {
        if (given != null && given < least) {
            throw wrongUse(option + " " + given + ": expected " + least + " or more");
        }
        return given == null ? standard : given;
    }

    private Pace pace(String text) {
        if (text.equals("max")) {
            return new Pace.Closed();
        }
        try {
            double number = Double.parseDouble(text);
            if (number > 0 && Double.isFinite(number)) {
                return new Pace.Open(number, number);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw wrongUse("--rate '" + text + "': expected a number above 0, or max");
    }

    private void draw(Outcome outcome, PrintWriter out) throws IOException {
        Path file = chart == null
                ? home.resolve(".scorecast/loadtest/" + outcome.scenario().name() + ".svg")
                : chart;
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(file, Chart.svg(outcome));
        out.printf("%-16s %s%n", "chart", file);
    }
}
