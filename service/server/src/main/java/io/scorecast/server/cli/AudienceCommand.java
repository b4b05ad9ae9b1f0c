package io.scorecast.server.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./scorecast audience}. */
@Command(
        name = "audience",
        description = "Scores whole audiences into files.",
        mixinStandardHelpOptions = true,
        subcommands = AudienceScoreCommand.class)
final class AudienceCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing: score");
    }
}
