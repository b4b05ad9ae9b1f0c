package io.scorecast.server.cli;

import io.scorecast.engine.problem.ProblemsException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands that run on Java. The launcher {@code ./scorecast} starts it, after it has built what changed. */
@Command(
        name = "scorecast",
        description = "Scores customers at send time.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            LoadCommand.class,
            UnloadCommand.class,
            AudienceCommand.class,
            EraseCommand.class,
            FeaturesCommand.class,
            SimulateCommand.class,
            ModelCommand.class,
            KeyCommand.class,
            SignCommand.class,
            AuditCommand.class
        })
public final class Main {

    /** Says at level INFO that it does without SIMD. Kept, for the logging of the JDK forgets loggers nobody holds. */
    private static final Logger PARQUET = Logger.getLogger("dev.hardwood");

    private Main() {}

    public static void main(String[] args) {
        PARQUET.setLevel(Level.WARNING);
        System.exit(run(writer(System.out), writer(System.err), args));
    }

    /** In the encoding that the terminal (or, for a pipe, the platform) has. */
    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }

    /**
     * Runs a command.
     *
     * @return the exit code: 0 success, 1 failure, 2 wrong use
     */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        return run(System.getenv(), out, err, args);
    }

    /** The same in an environment of one's own. */
    static int run(Map<String, String> environment, PrintWriter out, PrintWriter err, String... args) {
        Settings settings;
        try {
            settings = Settings.read(environment);
        } catch (IOException | ProblemsException e) {
            return Failures.tell(e, "scorecast", err);
        }
        Failures failures = new Failures(settings);
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(100)
                .setDefaultValueProvider(settings)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures)
                .execute(args);
    }
}
