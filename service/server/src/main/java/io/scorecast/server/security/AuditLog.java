package io.scorecast.server.security;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.server.store.AuditStore;
import io.scorecast.server.store.AuditStore.Stored;
import io.scorecast.server.store.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the audit record. Whoever acts does not wait: a thread of its own takes entries from a queue and adds each to the
 * chain, again and again while Redis is away. When the queue is full no more is taken, and what must be on record is refused.
 */
public final class AuditLog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final int QUEUE = 10_000;
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final int HASH_BYTES = 16;

    private final AuditStore store;
    private final String instance;
    private final Clock clock;
    private final @Nullable String givenSecret;
    private final BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread thread = new Thread(this::run, "audit");
    private volatile boolean closing;
    private byte @Nullable [] secret;

    /**
     * @param secret for the hashes of customers, the same on all instances; null to share a random one by way of Redis
     */
    public AuditLog(AuditStore store, String instance, @Nullable String secret, Clock clock) {
        this.store = store;
        this.instance = instance;
        this.givenSecret = secret == null || secret.isEmpty() ? null : secret;
        this.clock = clock;
    }

    private record Pending(
            Instant at,
            String who,
            String action,
            String target,
            @Nullable CustomerId customer,
            String outcome,
            String detail) {}

    /** Begins to write what is recorded. */
    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether there is room for what must be on record. */
    public boolean hasRoom() {
        return queue.remainingCapacity() > QUEUE / 10;
    }

    /** Puts something on record, soon. */
    public void record(String who, String action, String target, String outcome, String detail) {
        add(new Pending(clock.instant(), who, action, target, null, outcome, detail));
    }

    /** The same of a customer, who becomes a keyed hash. */
    public void recordCustomer(String who, String action, CustomerId customer, String outcome, String detail) {
        add(new Pending(clock.instant(), who, action, "", customer, outcome, detail));
    }

    private void add(Pending pending) {
        if (!queue.offer(pending)) {
            LOG.error("The audit record is behind by {} entries; one of {} is lost", QUEUE, pending.action());
        }
    }

    /**
     * Puts something on record before it returns.
     *
     * @throws StoreUnavailableException if Redis does not take it
     */
    public void recordNow(String who, String action, String target, String outcome, String detail) {
        write(new Pending(clock.instant(), who, action, target, null, outcome, detail));
    }

    /** The same of a customer. */
    public void recordCustomerNow(String who, String action, CustomerId customer, String outcome, String detail) {
        write(new Pending(clock.instant(), who, action, "", customer, outcome, detail));
    }

    private void run() {
        try {
            while (!closing || !queue.isEmpty()) {
                Pending next = queue.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
                if (next != null) {
                    writeInTheEnd(next);
                }
            }
        } catch (InterruptedException e) {
            int lost = queue.size();
            if (lost > 0) {
                LOG.error("Redis is away: {} entries of the audit record are lost", lost);
            }
        }
    }

    private void writeInTheEnd(Pending pending) throws InterruptedException {
        while (true) {
            try {
                write(pending);
                return;
            } catch (StoreUnavailableException e) {
                Thread.sleep(RETRY);
            } catch (RuntimeException e) {
                LOG.error("An entry of the audit record could not be written", e);
                return;
            }
        }
    }

    /** Chains onto the last entry; again if another instance was quicker. */
    private void write(Pending pending) {
        String target = pending.customer() == null ? pending.target() : hash(pending.customer());
        while (true) {
            Stored last = store.last();
            AuditEntry entry = AuditEntry.next(
                    last == null ? 1 : last.sequence() + 1,
                    pending.at().toString(),
                    pending.who(),
                    pending.action(),
                    target,
                    pending.outcome(),
                    pending.detail(),
                    instance,
                    last == null ? AuditEntry.NONE : AuditEntry.of(last).hash());
            if (store.append(entry.sequence(), entry.fields()) || isThere(entry)) {
                return;
            }
        }
    }

    /** A connection that broke after the entry was added makes it look refused. */
    private boolean isThere(AuditEntry entry) {
        List<Stored> there = store.after(entry.sequence() - 1, 1);
        return !there.isEmpty() && AuditEntry.of(there.getFirst()).hash().equals(entry.hash());
    }

    /** How a customer stands in the record. */
    String hash(CustomerId customer) {
        return "customer:" + sign(customer.value()).substring(0, 2 * HASH_BYTES);
    }

    /** The HMAC-SHA256 of a text under the secret, in hex. */
    String sign(String text) {
        return Crypto.hex(Crypto.hmac(key(), text));
    }

    private synchronized byte[] key() {
        byte[] key = secret;
        if (key == null) {
            key = Crypto.sha256(givenSecret == null ? store.secret(Crypto.random(52)) : givenSecret);
            secret = key;
        }
        return key;
    }

    /**
     * A page, the newest first.
     *
     * @param below null for the newest of all
     */
    public List<AuditEntry> page(@Nullable Long below, int limit) {
        return store.before(below == null ? Long.MAX_VALUE : below, limit).stream()
                .map(AuditEntry::of)
                .toList();
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(LAST_WORDS.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
