package io.scorecast.server.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands that run on Java. The launcher {@code ./scorecast} starts it, after it has built what changed. */
@Command(
        name = "scorecast",
        description = "Scores customers at send time.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {FeaturesCommand.class, ModelCommand.class, ServeCommand.class})
public final class Main {

    private Main() {}

    public static void main(String[] args) {
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
        Failures failures = new Failures();
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures)
                .execute(args);
    }
}
