package io.scorecast.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./scorecast model}: what to do with version folders. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        description = "Checks, lists or imports model versions.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ModelCheckCommand.class, ModelListCommand.class, ModelImportCommand.class})
final class ModelCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "expected one of " + spec.subcommands().keySet());
    }
}
