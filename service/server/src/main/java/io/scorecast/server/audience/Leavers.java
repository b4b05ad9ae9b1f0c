package io.scorecast.server.audience;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Compares with an earlier job while customers come in order, and lists who was written then and is not chosen now. */
final class Leavers implements AutoCloseable {

    private final Digests.Reader before;
    private final GrowingFile left;
    private final double moved;
    private Digests.@Nullable Digest next;
    private @Nullable String resumed;

    /**
     * Begins to compare.
     *
     * @param resumeAfter who was through before an interruption; null at the beginning
     */
    Leavers(Path digests, GrowingFile left, double moved, @Nullable String resumeAfter) throws IOException {
        this.before = new Digests.Reader(digests);
        this.left = left;
        this.moved = moved;
        this.resumed = resumeAfter;
        next = before.next();
        if (resumeAfter == null) {
            left.write(CsvRows.line("customer_id"));
        }
        String last = resumed;
        while (last != null && next != null && next.customer().compareTo(last) <= 0) {
            next = before.next();
        }
    }

    /**
     * Whether a customer's prediction is another one than before.
     *
     * @param now null if nothing is written of the customer
     */
    boolean changed(String customer, Digests.@Nullable Digest now) throws IOException {
        while (next != null && next.customer().compareTo(customer) < 0) {
            leave();
        }
        Digests.Digest then = next;
        if (then == null || !then.customer().equals(customer)) {
            return true;
        }
        if (now == null) {
            leave();
            return true;
        }
        next = before.next();
        return now.differs(then, moved);
    }

    private void leave() throws IOException {
        Digests.Digest gone = next;
        if (gone != null) {
            left.write(CsvRows.line(gone.customer()));
            next = before.next();
        }
    }

    /** All that are left over have left. */
    void end() throws IOException {
        while (next != null) {
            leave();
        }
    }

    /** What was written survives a crash; returns its length. */
    long sync() throws IOException {
        left.sync();
        return left.length();
    }

    @Override
    public void close() throws IOException {
        try (before) {
            left.close();
        }
    }
}
