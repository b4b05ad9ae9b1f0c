package io.scorecast.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./scorecast key}: the keys of callers. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = "Makes, lists, rotates or revokes the keys of callers, also while services run.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {KeyCreateCommand.class, KeyListCommand.class, KeyRotateCommand.class, KeyRevokeCommand.class})
final class KeyCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "expected one of " + spec.subcommands().keySet());
    }
}
