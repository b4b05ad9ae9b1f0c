package io.scorecast.server.cli;

import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.ProblemsException;
import io.scorecast.server.store.StoreUnavailableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what went wrong in one line (authored files: one for each fault), and with which exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private final Settings settings;

    Failures(Settings settings) {
        this.settings = settings;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr().println(name(command) + ": " + wrongUse(e) + origin(e, args) + " (--help says more)");
        return 2;
    }

    private static String wrongUse(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return firstLine(e);
        }
        String word = unmatched.getUnmatched().getFirst();
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        if (word.startsWith("-")) {
            List<String> options =
                    spec.options().stream().map(OptionSpec::longestName).toList();
            return Nearest.message("option", word, options);
        }
        return spec.subcommands().isEmpty()
                ? "takes no '" + word + "' here"
                : Nearest.message("command", word, spec.subcommands().keySet());
    }

    /** Where a bad value stands that is not on the command line. */
    private String origin(ParameterException e, String[] args) {
        if (!(e.getArgSpec() instanceof OptionSpec option)) {
            return "";
        }
        for (String arg : args) {
            if (arg.equals(option.longestName()) || arg.startsWith(option.longestName() + "=")) {
                return "";
            }
        }
        String origin = settings.origin(option);
        return origin == null ? "" : "; it stands in " + origin;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        return tell(e, name(command), command.getErr());
    }

    /** Says it, and returns the exit code. */
    static int tell(Exception e, String command, PrintWriter err) {
        if (e instanceof ProblemsException problems) {
            problems.problems().forEach(err::println);
            int count = problems.problems().size();
            err.println(command + ": " + count + (count == 1 ? " problem" : " problems"));
            return 1;
        }
        err.println(command + ": " + reason(e));
        if (System.getenv("SCORECAST_DEBUG") != null) {
            e.printStackTrace(err);
        }
        return 1;
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static String reason(Throwable e) {
        return switch (e) {
            case CommandFailure failure -> String.valueOf(failure.getMessage());
            case StoreUnavailableException store -> firstLine(store);
            case CompletionException wrapped when wrapped.getCause() != null -> reason(wrapped.getCause());
            case UncheckedIOException io -> io.getCause() == null ? firstLine(io) : reason(io.getCause());
            case NoSuchFileException file -> file.getFile() + ": no such file";
            case AccessDeniedException file -> file.getFile() + ": may not be read or written";
            case FileSystemException file -> {
                String why = file.getReason();
                yield file.getFile() + ": " + (why == null ? file.getClass().getSimpleName() : why);
            }
            case CharacterCodingException io -> "the file is not UTF-8 text";
            case IOException io -> firstLine(io);
            default -> {
                Throwable bind = cause(e, BindException.class);
                yield bind == null ? "unexpected " + e + "; SCORECAST_DEBUG=1 shows where" : firstLine(bind);
            }
        };
    }

    private static @Nullable Throwable cause(Throwable e, Class<? extends Throwable> type) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return at;
            }
        }
        return null;
    }
}
