package io.scorecast.loadtest.run;

import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.YamlNode;
import io.scorecast.loadtest.run.Scenario.Choice;
import io.scorecast.loadtest.run.Scenario.Objectives;
import io.scorecast.loadtest.run.Scenario.Order;
import io.scorecast.loadtest.run.Scenario.Part;
import io.scorecast.loadtest.run.Scenario.With;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads scenarios. Those that come along stand in {@code loadtest/scenarios}, one in each file. */
final class ScenarioFile {

    private static final List<String> KEYS = List.of(
            "about",
            "service",
            "body_bytes",
            "customers",
            "events_each",
            "order",
            "asked",
            "rate",
            "warm_up_seconds",
            "seconds",
            "connections",
            "patience_seconds",
            "requests",
            "with",
            "objectives");

    private static final int MOST_CUSTOMERS = 10_000_000;
    private static final int MOST_CONNECTIONS = 50_000;
    private static final int MOST_RATE = 10_000_000;

    private final YamlNode root;
    private final Path folder;

    private ScenarioFile(YamlNode root, Path folder) {
        this.root = root;
        this.folder = folder;
    }

    /** The names of those in a folder, sorted, each with what it is about. */
    static Map<String, String> list(Path folder) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                Scenario scenario = read(file);
                found.put(scenario.name(), scenario.about());
            }
        }
        return found;
    }

    /**
     * Reads one.
     *
     * @throws io.scorecast.engine.problem.ProblemsException if it has faults
     */
    static Scenario read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
        Problems problems = new Problems();
        YamlNode root = YamlNode.parse(file.toString(), Files.readString(file), problems);
        problems.throwIfAny();
        if (root == null) {
            throw new LoadTestFailure(file + ": is empty");
        }
        Scenario scenario = new ScenarioFile(root, file.toAbsolutePath().resolveSibling("")).scenario(name);
        problems.throwIfAny();
        return scenario;
    }

    private Scenario scenario(String name) {
        root.expectKeys(KEYS);
        YamlNode about = root.require("about");
        YamlNode service = root.get("service");
        return new Scenario(
                name,
                about == null ? "" : about.text(),
                service != null
                        && word(service, "service", List.of("scorecast", "bare"))
                                .equals("bare"),
                integer("body_bytes", 1, 10_000_000, 2_500),
                integer("customers", 1, MOST_CUSTOMERS, 10_000),
                integer("events_each", 1, 10_000, 40),
                choice(),
                pace(),
                seconds("warm_up_seconds", 0, 5),
                seconds("seconds", 1, 30),
                integer("connections", 1, MOST_CONNECTIONS, 128),
                seconds("patience_seconds", 1, 10),
                parts(),
                with(),
                objectives());
    }

    private Choice choice() {
        YamlNode order = root.get("order");
        Order named = order == null
                ? Order.UNIFORM
                : Order.valueOf(word(order, "order", List.of("uniform", "zipf", "in_turn"))
                        .toUpperCase(Locale.ROOT));
        YamlNode asked = root.get("asked");
        if (asked == null) {
            return new Choice(named, 1, Duration.ZERO);
        }
        asked.expectKeys(List.of("times", "within_seconds"));
        YamlNode times = asked.require("times");
        YamlNode within = asked.require("within_seconds");
        return new Choice(
                named,
                times == null ? 1 : times.integer(1, 100),
                within == null ? Duration.ZERO : Duration.ofMillis((long) (1e3 * positive(within))));
    }

    private Pace pace() {
        YamlNode rate = root.require("rate");
        if (rate == null) {
            return new Pace.Closed();
        }
        if (rate.isMapping()) {
            rate.expectKeys(List.of("from", "to"));
            YamlNode from = rate.require("from");
            YamlNode to = rate.require("to");
            double first = from == null ? 0 : from.integer(0, MOST_RATE);
            double last = to == null ? 0 : to.integer(0, MOST_RATE);
            if (first + last == 0) {
                rate.problem("one of 'from' and 'to' must be more than 0");
            }
            return new Pace.Open(first, last);
        }
        if (rate.isScalar() && rate.text().equals("max")) {
            return new Pace.Closed();
        }
        double number = positive(rate);
        return new Pace.Open(number, number);
    }

    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        YamlNode list = root.require("requests");
        if (list == null) {
            return parts;
        }
        for (YamlNode item : list.items()) {
            item.expectKeys(List.of("call", "share", "size", "path", "bodies"));
            YamlNode named = item.require("call");
            YamlNode share = item.get("share");
            YamlNode size = item.get("size");
            Call call = named == null ? null : call(named);
            if (call == null) {
                continue;
            }
            if (size != null && call != Call.BATCH && call != Call.EVENTS) {
                size.problem("'" + call.word() + "' asks for one customer; only batch and events have a size");
            }
            parts.add(new Part(
                    call,
                    share == null ? 1 : positive(share),
                    size == null ? 1 : size.integer(1, 1_000),
                    call == Call.POST ? path(item) : "",
                    call == Call.POST ? bodies(item) : List.of()));
        }
        if (parts.isEmpty()) {
            list.problem("expected at least one call");
        }
        return parts;
    }

    private static String path(YamlNode item) {
        YamlNode path = item.require("path");
        String text = path == null ? "/" : path.text();
        if (path != null && !text.matches("/[!-~]*")) {
            path.problem("expected a path that begins with /, as it goes over the wire");
        }
        return text;
    }

    /** A file's lines; it stands beside the scenario. */
    private List<String> bodies(YamlNode item) {
        YamlNode file = item.require("bodies");
        if (file == null) {
            return List.of();
        }
        try {
            List<String> lines = Files.readAllLines(folder.resolve(file.text())).stream()
                    .filter(line -> !line.isBlank())
                    .toList();
            if (lines.isEmpty()) {
                file.problem("has no lines");
            }
            return lines;
        } catch (IOException e) {
            file.problem("cannot be read: expected a file with a body a line");
            return List.of();
        }
    }

    private With with() {
        YamlNode with = root.get("with");
        if (with == null) {
            return With.NOTHING;
        }
        List<String> known = Arrays.stream(With.values())
                .filter(value -> value != With.NOTHING)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList();
        return With.valueOf(word(with, "companion", known).toUpperCase(Locale.ROOT));
    }

    private static @Nullable Call call(YamlNode named) {
        String word = named.text();
        Call call = Call.of(word);
        if (call == null) {
            named.problem(Call.unknown(word));
        }
        return call;
    }

    private Objectives objectives() {
        YamlNode map = root.get("objectives");
        if (map == null) {
            return Objectives.NONE;
        }
        map.expectKeys(List.of("p99_ms", "max_errors", "p99_times"));
        YamlNode p99 = map.get("p99_ms");
        YamlNode errors = map.get("max_errors");
        YamlNode times = map.get("p99_times");
        if (times != null && root.get("with") == null) {
            times.problem("compares with the load alone; there is no 'with'");
        }
        return new Objectives(
                p99 == null ? Double.NaN : positive(p99),
                errors == null ? -1 : errors.integer(0, Integer.MAX_VALUE),
                times == null ? Double.NaN : positive(times));
    }

    private static String word(YamlNode value, String what, List<String> known) {
        String word = value.text();
        if (known.contains(word)) {
            return word;
        }
        value.problem(Nearest.message(what, word, known));
        return known.getFirst();
    }

    private static double positive(YamlNode value) {
        double number = value.number();
        if (number <= 0) {
            value.problem("expected a number above 0");
        }
        return number > 0 ? number : 1;
    }

    private int integer(String key, int low, int high, int standard) {
        YamlNode value = root.get(key);
        return value == null ? standard : value.integer(low, high);
    }

    private Duration seconds(String key, int low, int standard) {
        return Duration.ofSeconds(integer(key, low, 86_400, standard));
    }
}
