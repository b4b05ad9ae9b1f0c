package io.scorecast.server.cli;

import io.scorecast.engine.event.InvalidEventException;
import io.scorecast.server.security.AuditEntry;
import io.scorecast.server.security.ErasureReceipt;
import io.scorecast.server.security.ErasureReceipts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Receipts of erasures in a file, one a line, which are looked for in the audit record. */
final class ReceiptFile {

    private final Path file;
    private final Map<Integer, ErasureReceipt> missing = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new HashMap<>();
    private final int count;

    /**
     * Reads them.
     *
     * @throws CommandFailure if a line is no receipt, or was not issued with the secret of this record
     */
    ReceiptFile(Path file, ErasureReceipts receipts) throws IOException {
        this.file = file;
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (!line.isBlank()) {
                ErasureReceipt receipt = read(line, number);
                if (!receipts.isGenuine(receipt)) {
                    throw new CommandFailure(file + ":" + number + ": the signature is not that of this receipt: it was"
                            + " changed, or issued with another audit key");
                }
                missing.put(number, receipt);
                lines.put(receipt.detail(), number);
            }
        }
        count = missing.size();
        if (count == 0) {
            throw new CommandFailure(file + ": no receipt in it");
        }
    }

    private ErasureReceipt read(String line, int number) {
        try {
            return ErasureReceipt.read(line.getBytes(StandardCharsets.UTF_8));
        } catch (InvalidEventException e) {
            throw new CommandFailure(file + ":" + number + ": " + e.detail());
        } catch (IOException e) {
            throw new CommandFailure(file + ":" + number + ": no JSON");
        }
    }

    /** Strikes out the receipt of an entry, if there is one. */
    void found(AuditEntry entry, ErasureReceipts receipts) {
        Integer line = lines.get(entry.detail());
        ErasureReceipt receipt = line == null ? null : missing.get(line);
        if (line != null && receipt != null && receipts.isOf(entry, receipt)) {
            missing.remove(line);
        }
    }

    /**
     * How many receipts there are, all of them on record.
     *
     * @throws CommandFailure that names the first that is not
     */
    int verified() {
        if (!missing.isEmpty()) {
            int line = missing.keySet().iterator().next();
            throw new CommandFailure(
                    file + ":" + line + ": the receipt is genuine, but the erasure is not on the audit record");
        }
        return count;
    }
}
