package io.scorecast.loadtest.run;

import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.ProblemsException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs the command; the launcher {@code ./scorecast} starts it. */
public final class Main {

    private static final String NAME = "scorecast loadtest";

    private Main() {}

    public static void main(String[] args) {
        // Under a name of its own: the service on the same class path, in tests, has a logback.xml too.
        System.setProperty("logback.configurationFile", "logback-loadtest.xml");
        Path home = Path.of(System.getProperty("scorecast.home", ".")).toAbsolutePath();
        List<String> launcher = List.of(home.resolve("scorecast").toString());
        System.exit(run(home, launcher, writer(System.out), writer(System.err), args));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }

    /**
     * Runs it.
     *
     * @param home the repository
     * @param launcher starts a service of its own
     * @return the exit code: 0 success, 1 failure, 2 wrong use
     */
    static int run(Path home, List<String> launcher, PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new LoadTestCommand(home, launcher))
                .setCommandName(NAME)
                .setOut(out)
                .setErr(err)
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler((e, given) -> {
                    err.println(NAME + ": " + wrongUse(e) + " (--help says more)");
                    return 2;
                })
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    if (e instanceof ProblemsException problems) {
                        problems.problems().forEach(err::println);
                    }
                    err.println(NAME + ": " + reason(e));
                    return 1;
                })
                .execute(args);
    }

    private static String wrongUse(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String word = unmatched.getUnmatched().getFirst();
            return word.startsWith("-")
                    ? Nearest.message(
                            "option",
                            word,
                            e.getCommandLine().getCommandSpec().options().stream()
                                    .map(OptionSpec::longestName)
                                    .toList())
                    : "takes one scenario, not '" + word + "' too";
        }
        return firstLine(e);
    }

    private static String reason(Exception e) {
        return switch (e) {
            case LoadTestFailure failure -> firstLine(failure);
            case ProblemsException problems ->
                problems.problems().size() + (problems.problems().size() == 1 ? " problem" : " problems");
            case NoSuchFileException file -> file.getFile() + ": no such file";
            case IOException io -> firstLine(io);
            default -> "unexpected " + e;
        };
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
