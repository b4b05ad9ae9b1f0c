package io.scorecast.server.cli;

import io.scorecast.server.security.AuditChain;
import io.scorecast.server.security.AuditLog;
import io.scorecast.server.security.ErasureReceipts;
import java.io.IOException;
import java.nio.file.Path;
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

    @Option(
            names = "--receipts",
            paramLabel = "FILE",
            description = "Receipts of erasures, one a line: proves that each is genuine and on the record.")
    private @Nullable Path receipts;

    @Mixin
    private RedisOptions redis;

    @Mixin
    private AuditOptions audit;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (head != null && !head.matches("[0-9a-f]{64}")) {
            throw new ParameterException(spec.commandLine(), "--head is no hash; expected 64 hex digits");
        }
        Path file = receipts;
        try (ControlSession session = ControlSession.open(redis);
                AuditLog log = session.audit(audit.key())) {
            ErasureReceipts known = new ErasureReceipts(log);
            ReceiptFile shown = file == null ? null : new ReceiptFile(file, known);
            AuditChain.Verdict verdict = AuditChain.verify(session.store().audit(), head, entry -> {
                if (shown != null) {
                    shown.found(entry, known);
                }
            });
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
            if (shown != null) {
                int verified = shown.verified();
                spec.commandLine()
                        .getOut()
                        .printf(Locale.ROOT, "receipts that are genuine and on the record: %,d%n", verified);
            }
        }
        return 0;
    }
}
