package io.scorecast.server.cli;

import io.scorecast.server.security.AuditChain;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./scorecast audit verify}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Proves that no entry of the audit record is missing, changed or out of order; exits 1 and names the first"
                    + " that is.",
            "It prints the hash of the last entry. Kept somewhere else and given as --head the next time, it proves also"
                    + " that nobody has written the whole record anew."
        })
final class AuditVerifyCommand implements Callable<Integer> {

    @Option(names = "--head", paramLabel = "HASH", description = "A hash that an earlier proof printed.")
    private @Nullable String head;

    @Mixin
    private RedisOptions redis;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (head != null && !head.matches("[0-9a-f]{64}")) {
            throw new ParameterException(spec.commandLine(), "--head is no hash; expected 64 hex digits");
        }
        try (ControlSession session = ControlSession.open(redis)) {
            AuditChain.Verdict verdict = AuditChain.verify(session.store().audit(), head);
            if (verdict.fault() != null) {
                throw new CommandFailure("the audit record is broken: " + verdict.fault() + "; " + verdict.entries()
                        + " entries before are whole");
            }
            spec.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "%,d entries, the chain is whole; head %s%n",
                            verdict.entries(),
                            verdict.head());
        }
        return 0;
    }
}
