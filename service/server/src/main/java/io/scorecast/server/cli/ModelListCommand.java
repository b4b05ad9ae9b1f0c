package io.scorecast.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.scorecast.engine.model.Manifest;
import io.scorecast.engine.model.OutputSpec;
import io.scorecast.engine.scorer.Scorer;
import io.scorecast.engine.scorer.ScorerLoader;
import io.scorecast.engine.scorer.ScorerLoader.Loaded;
import io.scorecast.engine.scorer.ScorerMetrics;
import io.scorecast.engine.scorer.ScorerSettings;
import io.scorecast.engine.scorer.VersionStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./scorecast model list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Lists the versions of a repository with the state that a service would give them now: live,"
                + " standby (a higher one is live) or rejected, with every reason.")
final class ModelListCommand implements Callable<Integer> {

    @Option(
            names = "--models",
            paramLabel = "DIR",
            defaultValue = "${sys:scorecast.home:-.}/models",
            description = "The model repository. Default: models beside ./scorecast")
    private Path models;

    @Option(names = "--json", description = "Writes the list as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(models)) {
            throw new CommandFailure(models + ": no such folder");
        }
        Loaded loaded = new ScorerLoader(ScorerSettings.DEFAULT, ScorerMetrics.NOOP).load(models);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            write(loaded, out);
        } else {
            print(loaded, out);
        }
        Scorer scorer = loaded.scorer();
        if (scorer != null) {
            scorer.close();
        }
        return 0;
    }

    private static void print(Loaded loaded, PrintWriter out) {
        out.printf("%-16s %7s  %-8s  %-12s  %s%n", "MODEL", "VERSION", "STATE", "CHECKSUM", "PUBLISHES");
        for (VersionStatus version : loaded.versions()) {
            out.printf(
                    "%-16s %7d  %-8s  %-12s  %s%n",
                    version.model(),
                    version.version(),
                    state(version),
                    version.checksum()
                            .substring(0, Math.min(12, version.checksum().length())),
                    outputs(version.manifest()));
            version.problems().forEach(problem -> out.println("  " + problem));
        }
        loaded.problems().forEach(problem -> out.println("  " + problem));
    }

    private static void write(Loaded loaded, PrintWriter out) throws IOException {
        try (JsonGenerator generator = new JsonFactory().createGenerator(out)) {
            generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            generator.writeStartObject();
            generator.writeArrayFieldStart("versions");
            for (VersionStatus version : loaded.versions()) {
                generator.writeStartObject();
                generator.writeStringField("model", version.model());
                generator.writeNumberField("version", version.version());
                generator.writeStringField("state", state(version));
                generator.writeStringField("checksum", version.checksum());
                GateReports.write(version.problems(), generator);
                generator.writeEndObject();
            }
            generator.writeEndArray();
            GateReports.write(loaded.problems(), generator);
            generator.writeEndObject();
        }
        out.println();
    }

    private static String state(VersionStatus version) {
        return version.state().name().toLowerCase(Locale.ROOT);
    }

    private static String outputs(@Nullable Manifest manifest) {
        return manifest == null
                ? ""
                : manifest.outputs().stream().map(OutputSpec::name).collect(Collectors.joining(", "));
    }
}
