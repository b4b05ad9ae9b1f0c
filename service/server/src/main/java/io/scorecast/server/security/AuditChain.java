package io.scorecast.server.security;

import io.scorecast.server.store.AuditStore;
import io.scorecast.server.store.AuditStore.Stored;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Proves the audit record: every entry there, unchanged, in its order. */
public final class AuditChain {

    private static final int PAGE = 1_000;

    private AuditChain() {}

    /**
     * What a proof found.
     *
     * @param entries how many are whole
     * @param head the hash of the last of them
     * @param fault what is wrong with the next; null if nothing is
     */
    public record Verdict(
            long entries, String head, @Nullable String fault) {}

    /**
     * Walks the record from its beginning.
     *
     * @param kept a hash that must be in it: a head noted down earlier proves that what stood before it is what stood then;
     *     null if there is none
     */
    public static Verdict verify(AuditStore store, @Nullable String kept) {
        return verify(store, kept, entry -> {});
    }

    /**
     * The same.
     *
     * @param seen given each entry that is whole
     */
    public static Verdict verify(AuditStore store, @Nullable String kept, Consumer<AuditEntry> seen) {
        long count = 0;
        String head = AuditEntry.NONE;
        boolean found = kept == null;
        List<Stored> page = store.after(0, PAGE);
        while (!page.isEmpty()) {
            for (Stored stored : page) {
                AuditEntry entry = AuditEntry.of(stored);
                String fault = fault(entry, count + 1, head);
                if (fault != null) {
                    return new Verdict(count, head, fault);
                }
                count++;
                head = entry.hash();
                seen.accept(entry);
                found |= head.equals(kept);
            }
            page = store.after(count, PAGE);
        }
        return new Verdict(
                count, head, found ? null : "no entry has the hash that was given: entries were cut off or replaced");
    }

    private static @Nullable String fault(AuditEntry entry, long expected, String head) {
        if (entry.sequence() != expected) {
            return expected + 1 == entry.sequence()
                    ? "entry " + expected + " is missing"
                    : "entries " + expected + " to " + (entry.sequence() - 1) + " are missing";
        }
        if (!entry.hash().equals(entry.computedHash())) {
            return "entry " + expected + " was changed: its hash is not that of its fields";
        }
        return entry.previous().equals(head) ? null : "entry " + expected + " does not follow the one before it";
    }
}
