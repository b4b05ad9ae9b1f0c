package io.scorecast.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.scorecast.engine.scorer.GateReport;
import io.scorecast.engine.scorer.ScorerLoader;
import io.scorecast.engine.scorer.ScorerMetrics;
import io.scorecast.engine.scorer.ScorerSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./scorecast model check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs the checks that a service runs before it serves a version, offline, and shows all that they find.",
            "A policy is checked with the highest valid versions of the models beside it. Exits 1 if the version is"
                    + " refused."
        })
final class ModelCheckCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FOLDER", description = "A version's folder: models/churn/1, models/policy/1.")
    private Path folder;

    @Option(names = "--json", description = "Writes what was found as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new CommandFailure(folder + ": no such folder; expected a version's, such as models/churn/1");
        }
        Path absolute = folder.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        ScorerLoader loader = new ScorerLoader(ScorerSettings.DEFAULT, ScorerMetrics.NOOP);
        boolean isPolicy = parent != null && parent.endsWith("policy");
        GateReport report = isPolicy ? loader.checkPolicy(absolute) : loader.check(absolute);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            try (JsonGenerator generator = new JsonFactory().createGenerator(out)) {
                generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
                GateReports.write(report, generator);
            }
            out.println();
        } else {
            GateReports.print(report, out);
        }
        if (!report.passed()) {
            throw new CommandFailure(GateReports.refusal(report));
        }
        return 0;
    }
}
