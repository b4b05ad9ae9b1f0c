package io.scorecast.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./scorecast model}: what to do with versions. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        description = "Checks, lists and imports model versions, and says which serve.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ModelCheckCommand.class,
            ModelListCommand.class,
            ModelImportCommand.class,
            ModelPinCommand.class,
            ModelUnpinCommand.class,
            ModelRollbackCommand.class,
            ModelPromoteCommand.class
        })
final class ModelCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "expected one of " + spec.subcommands().keySet());
    }
}
