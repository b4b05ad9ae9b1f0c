package io.scorecast.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./scorecast audit}: the record of who did what. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Proves the audit record. GET /v1/audit shows it.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = AuditVerifyCommand.class)
final class AuditCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "expected one of " + spec.subcommands().keySet());
    }
}
