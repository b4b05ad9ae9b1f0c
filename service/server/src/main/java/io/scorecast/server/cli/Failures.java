package io.scorecast.server.cli;

import io.scorecast.engine.problem.ProblemsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Says what went wrong in one line (authored files: one for each fault), and with which exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr().println(name(command) + ": " + e.getMessage() + " (--help says more)");
        return 2;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (e instanceof ProblemsException problems) {
            problems.problems().forEach(err::println);
            int count = problems.problems().size();
            err.println(name(command) + ": " + count + (count == 1 ? " problem" : " problems"));
            return 1;
        }
        err.println(name(command) + ": " + reason(e));
        if (System.getenv("SCORECAST_DEBUG") != null) {
            e.printStackTrace(err);
        }
        return 1;
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }

    private static String reason(Throwable e) {
        return switch (e) {
            case CommandFailure failure -> String.valueOf(failure.getMessage());
            case UncheckedIOException io -> String.valueOf(io.getMessage());
            case NoSuchFileException file -> file.getFile() + ": no such file";
            case FileSystemException file -> {
                String why = file.getReason();
                yield file.getFile() + ": " + (why == null ? file.getClass().getSimpleName() : why);
            }
            case IOException io -> String.valueOf(io.getMessage());
            default -> "unexpected " + e + "; SCORECAST_DEBUG=1 shows where";
        };
    }
}
