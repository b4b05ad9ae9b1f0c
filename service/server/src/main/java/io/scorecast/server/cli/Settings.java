package io.scorecast.server.cli;

import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Where settings come from: the command line, else the environment, else {@code application.yml}, else the default. A
 * setting has one name, that of its flag: {@code --max-age}, {@code SCORECAST_MAX_AGE}, and {@code max-age} under
 * {@code scorecast:}. Only the Redis URL is {@code REDIS_URL} in the environment, as hosting platforms name it.
 */
final class Settings implements IDefaultValueProvider {

    private static final String SECTION = "scorecast";

    /** Every option of a running service is a setting, wherever else it is an option too. */
    private static final List<OptionSpec> ALL = all();

    private final Map<String, String> environment;
    private final Map<String, Entry> file;

    private Settings(Map<String, String> environment, Map<String, Entry> file) {
        this.environment = environment;
        this.file = file;
    }

    private record Entry(String value, String place) {}

    private static List<OptionSpec> all() {
        List<OptionSpec> options = new ArrayList<>();
        options.addAll(CommandSpec.forAnnotatedObject(new ServiceOptions()).options());
        options.addAll(CommandSpec.forAnnotatedObject(new RedisOptions()).options());
        return List.copyOf(options);
    }

    /**
     * Reads what the environment and {@code application.yml} say. That file is the one that {@code SCORECAST_CONFIG} names,
     * else {@code application.yml} beside the launcher, if there is one.
     *
     * @throws io.scorecast.engine.problem.ProblemsException if the file has faults
     * @throws IOException if it cannot be read
     */
    static Settings read(Map<String, String> environment) throws IOException {
        String named = environment.getOrDefault("SCORECAST_CONFIG", "");
        Path path = named.isEmpty()
                ? Path.of(System.getProperty("scorecast.home", "."), "application.yml")
                : Path.of(named);
        if (named.isEmpty() && !Files.exists(path)) {
            return new Settings(environment, Map.of());
        }
        Problems problems = new Problems();
        Map<String, Entry> file = entries(path.toString(), Files.readString(path), problems);
        problems.throwIfAny();
        return new Settings(environment, file);
    }

    private static Map<String, Entry> entries(String source, String text, Problems problems) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        YamlNode root = YamlNode.parse(source, text, problems);
        if (root == null) {
            return entries;
        }
        root.expectKeys(List.of(SECTION));
        YamlNode section = root.get(SECTION);
        if (section == null) {
            return entries;
        }
        List<String> known = ALL.stream().map(Settings::name).toList();
        section.entries().forEach((key, value) -> {
            if (!known.contains(key)) {
                value.problem(Nearest.message("setting", key, known));
            } else {
                String setting = value.isList() ? String.join(",", value.texts()) : value.text();
                entries.put(key, new Entry(setting, source + ":" + value.line()));
            }
        });
        return entries;
    }

    /** The name of a setting, in all three places. */
    static String name(OptionSpec option) {
        return option.longestName().substring(2);
    }

    /** What the environment calls a setting. */
    static String variable(String name) {
        return name.equals("redis-url")
                ? "REDIS_URL"
                : "SCORECAST_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static boolean isSetting(OptionSpec option) {
        return ALL.stream().anyMatch(setting -> setting.longestName().equals(option.longestName()));
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || !isSetting(option)) {
            return null;
        }
        String name = name(option);
        String value = environment.getOrDefault(variable(name), "");
        if (!value.isEmpty()) {
            return value;
        }
        Entry entry = file.get(name);
        return entry == null ? null : entry.value();
    }

    /** Where the value of an option stands if the command line does not give it; null if it is the built-in default. */
    @Nullable
    String origin(OptionSpec option) {
        if (defaultValue(option) == null) {
            return null;
        }
        String name = name(option);
        if (!environment.getOrDefault(variable(name), "").isEmpty()) {
            return variable(name);
        }
        Entry entry = file.get(name);
        return entry == null ? null : entry.place();
    }
}
