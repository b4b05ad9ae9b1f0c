package io.scorecast.server.security;

import io.scorecast.engine.event.CustomerId;
import java.util.UUID;

/**
 * Issues receipts of erasures and tells genuine ones: an HMAC under the secret of the audit record, which all instances
 * share. The record holds the signature beside the customer's hash, so that a receipt can also be found there.
 */
public final class ErasureReceipts {

    /** What an erasure is called in the audit record. */
    public static final String ACTION = "customer.erased";

    /** How an entry says that it was done. */
    public static final String DONE = "done";

    private final AuditLog audit;

    public ErasureReceipts(AuditLog audit) {
        this.audit = audit;
    }

    /**
     * A receipt.
     *
     * @throws io.scorecast.server.store.StoreUnavailableException if the secret is in Redis and that does not answer
     */
    public ErasureReceipt issue(CustomerId customer, long erasedAt, int events) {
        ErasureReceipt open = new ErasureReceipt(UUID.randomUUID(), customer, erasedAt, events, "");
        return new ErasureReceipt(open.id(), customer, erasedAt, events, audit.sign(open.text()));
    }

    /**
     * Whether a receipt was issued with this secret and says now what it said then.
     *
     * @throws io.scorecast.server.store.StoreUnavailableException if the secret is in Redis and that does not answer
     */
    public boolean isGenuine(ErasureReceipt receipt) {
        return Crypto.same(Crypto.bytes(audit.sign(receipt.text())), Crypto.bytes(receipt.signature()));
    }

    /** Whether an entry of the audit record is that of a receipt. */
    public boolean isOf(AuditEntry entry, ErasureReceipt receipt) {
        return entry.action().equals(ACTION)
                && entry.outcome().equals(DONE)
                && entry.detail().equals(receipt.detail())
                && entry.target().equals(audit.hash(receipt.customer()));
    }
}
