package io.scorecast.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.server.audience.AudienceException;
import io.scorecast.server.audience.AudienceJobs;
import io.scorecast.server.audience.AudienceSettings;
import io.scorecast.server.audience.IdFile;
import io.scorecast.server.security.AuditLog;
import io.scorecast.server.security.ErasureReceipt;
import io.scorecast.server.security.ErasureReceipts;
import io.scorecast.server.store.RedisStore;
import io.scorecast.server.store.StoredLog;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./scorecast erase}. */
@Command(
        name = "erase",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Erases customers from Redis, also while services run on it: from the one that --redis-url names, else"
                    + " from that of the data folder. Running services stop serving what they have cached within a"
                    + " second. Events of that moment and before are ignored when they come again. Their rows go from the"
                    + " audiences that the data folder holds, too.",
            "If a line is no customer id, nobody is erased and the exit code is 1."
        })
final class EraseCommand implements Callable<Integer> {

    private static final int TOGETHER = 1_000;

    @Option(
            names = "--ids",
            required = true,
            paramLabel = "FILE",
            description = "Customer ids: plain lines, CSV with a header, NDJSON, Parquet; gzip too.")
    private Path ids;

    @Option(
            names = "--receipts",
            paramLabel = "FILE",
            description = "Writes a signed receipt for each, a line of JSON; audit verify --receipts verifies them.")
    private @Nullable Path receipts;

    @Mixin
    private RedisOptions redis;

    @Mixin
    private AuditOptions audit;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<CustomerId> customers = read();
        long erasedAt = System.currentTimeMillis();
        Path file = receipts;
        int known = 0;
        try (ControlSession session = ControlSession.open(redis);
                AuditLog log = session.audit(audit.key());
                Writer out = file == null ? Writer.nullWriter() : Files.newBufferedWriter(file)) {
            for (int from = 0; from < customers.size(); from += TOGETHER) {
                List<CustomerId> some = customers.subList(from, Math.min(customers.size(), from + TOGETHER));
                known += erase(session.store(), log, some, erasedAt, out);
            }
        }
        AudienceJobs.erase(
                redis.data().resolve(AudienceSettings.FOLDER),
                customers.stream().map(CustomerId::value).toList());
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "%,d customers erased at %s, of whom %,d had events%n",
                        customers.size(),
                        Instant.ofEpochMilli(erasedAt),
                        known);
        return 0;
    }

    /** How many of them had events. */
    private static int erase(RedisStore store, AuditLog log, List<CustomerId> some, long erasedAt, Writer out)
            throws IOException {
        List<StoredLog> before = store.read(some);
        store.erase(some, erasedAt);
        ErasureReceipts receipts = new ErasureReceipts(log);
        int known = 0;
        for (int i = 0; i < some.size(); i++) {
            byte[] bytes = before.get(i).bytes();
            int events = ProfileLog.count(bytes, 0, bytes.length);
            known += events > 0 ? 1 : 0;
            ErasureReceipt receipt = receipts.issue(some.get(i), erasedAt, events);
            log.recordCustomerNow(
                    ControlSession.WHO,
                    ErasureReceipts.ACTION,
                    receipt.customer(),
                    ErasureReceipts.DONE,
                    receipt.detail());
            out.write(line(receipt));
        }
        return known;
    }

    private static String line(ErasureReceipt receipt) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = EventJson.FACTORY.createGenerator(text)) {
            receipt.write(json);
        }
        return text.append('\n').toString();
    }

    private List<CustomerId> read() throws IOException {
        List<CustomerId> customers;
        try {
            customers = IdFile.customers(ids);
        } catch (AudienceException e) {
            throw new CommandFailure(e.detail() + "; nobody was erased");
        }
        if (customers.isEmpty()) {
            throw new CommandFailure(ids + ": no customer id in it");
        }
        return customers;
    }
}
