package io.scorecast.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** {@code docs/configuration.md} lists what the code reads: no more, no less. */
class ConfigurationPageTest {

    private static final Pattern ROW = Pattern.compile(
            "^\\| `--([a-z-]+)` \\| `([A-Z_]+)` \\| `([a-z-]+)` \\| (?:`([^`]*)`)? ?\\| (.+) \\|$", Pattern.MULTILINE);
    private static final Pattern VARIABLE = Pattern.compile("SCORECAST_[A-Z_]*[A-Z]|REDIS_URL");

    @TempDir
    private Path folder;

    private record Setting(String flag, String variable, String key, String standard) {}

    private static String page() throws IOException {
        return Files.readString(Commands.ROOT.resolve("docs/configuration.md"));
    }

    private static List<Setting> table() throws IOException {
        List<Setting> settings = new ArrayList<>();
        Matcher row = ROW.matcher(page());
        while (row.find()) {
            settings.add(
                    new Setting(row.group(1), row.group(2), row.group(3), row.group(4) == null ? "" : row.group(4)));
        }
        return settings;
    }

    private static List<OptionSpec> options() {
        return new CommandLine(new ServeCommand())
                .getCommandSpec().options().stream()
                        .filter(option -> !option.usageHelp() && !option.versionHelp())
                        .toList();
    }

    @Test
    void table_namesEverySettingOfServeInAllThreePlacesWithItsDefault() throws IOException {
        List<Setting> expected = new ArrayList<>();
        for (OptionSpec option : options()) {
            String name = Settings.name(option);
            String standard = option.defaultValue() == null ? "" : option.defaultValue();
            expected.add(new Setting(
                    name,
                    Settings.variable(name),
                    name,
                    standard.replaceFirst("^(\\./|\\$\\{sys:scorecast.home:-.}/)", "")));
        }
        assertThat(table()).containsExactlyInAnyOrderElementsOf(expected).hasSizeGreaterThan(8);
    }

    @Test
    void page_namesEveryVariableThatTheCodeReads() throws IOException {
        Set<String> read = new TreeSet<>();
        for (Path part :
                List.of(Path.of("scorecast"), Path.of("service"), Path.of("training-export/scorecast_export"))) {
            try (Stream<Path> files = Files.walk(Commands.ROOT.resolve(part))) {
                for (Path file : files.filter(ConfigurationPageTest::isSource).toList()) {
                    Matcher variable = VARIABLE.matcher(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
                    while (variable.find()) {
                        read.add(variable.group());
                    }
                }
            }
        }
        assertThat(read).contains("SCORECAST_JAVA_OPTS", "SCORECAST_CACHE");
        String page = page();
        assertThat(read).allMatch(page::contains);
    }

    private static boolean isSource(Path file) {
        String name = file.toString();
        return Files.isRegularFile(file)
                && (name.endsWith("scorecast") || name.endsWith(".py") || name.contains("/src/main/java/"));
    }

    @Test
    void settings_areTakenFromTheLineThenTheEnvironmentThenTheFile() throws IOException {
        Path file = Files.writeString(
                folder.resolve("application.yml"),
                "scorecast:\n  port: 1\n  host: a\n  source-priority: [crm, shop]\n" + "  consent-required: true\n");
        Settings settings = Settings.read(
                Map.of("SCORECAST_CONFIG", file.toString(), "SCORECAST_PORT", "2", "SCORECAST_MAX_AGE", ""));
        CommandLine serve = new CommandLine(new ServeCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setDefaultValueProvider(settings);
        assertThat(value(serve, "--port")).isEqualTo(2);
        assertThat(value(serve, "--port", "--port", "3")).isEqualTo(3);
        assertThat(value(serve, "--host")).isEqualTo("a");
        assertThat(value(serve, "--source-priority")).isEqualTo(List.of("crm", "shop"));
        assertThat(value(serve, "--max-age")).isEqualTo(900L);
        assertThat(value(serve, "--consent-required")).isEqualTo(true);
        assertThat(value(serve, "--consent-required", "--consent-required")).isEqualTo(true);
        assertThat(value(serve, "--consent-required", "--consent-required=false"))
                .isEqualTo(false);
    }

    private static Object value(CommandLine serve, String option, String... arguments) {
        serve.parseArgs(arguments);
        return serve.getCommandSpec().findOption(option).getValue();
    }
}
