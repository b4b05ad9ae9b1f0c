package io.scorecast.server.store;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.profile.CarryOver;
import io.scorecast.engine.profile.LogCompaction;
import io.scorecast.engine.profile.LogCompaction.Compacted;
import io.scorecast.engine.profile.LogCompaction.Unreadable;
import io.scorecast.engine.profile.LogHeader;
import io.scorecast.engine.profile.LogLimits;
import io.scorecast.engine.profile.ProfileLog;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rewrites logs that have doubled since they were last rewritten, or that are over their limits: on one thread, off every
 * request's path, and with a queue that is bounded. Who finds no room in it is found again at the next read, or when the
 * log has grown a little more. Only a log four times over its limit is seen to at once, by whoever appends to it.
 */
final class Compactor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);
    private static final int QUEUE = 10_000;
    private static final int ATTEMPTS = 3;
    private static final int FAR_OVER = 4;
    private static final long LOOK_UP_MILLIS = 50;
    private static final long PATIENCE_MILLIS = 5_000;

    private final RedisProfileStore store;
    private final LogLimits limits;
    private final int from;
    private final StoreMeters meters;
    private final BlockingQueue<CustomerId> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Map<CustomerId, LogHeader> unreadable = new ConcurrentHashMap<>();
    private final Set<CustomerId> queued = ConcurrentHashMap.newKeySet();
    private @Nullable Thread thread;
    private volatile boolean closed;

    Compactor(RedisProfileStore store, StoreSettings settings, StoreMeters meters) {
        this.store = store;
        this.limits = settings.limits();
        this.from = settings.compactFrom();
        this.meters = meters;
    }

    /** What came of a log. */
    enum Outcome {
        REWRITTEN,
        NOTHING_TO_DO,
        /** It changed all the time. */
        OVERTAKEN,
        UNREADABLE
    }

    /** A log has grown. Looks at it each time that its length passes another sixteenth of a power of two. */
    void appended(CustomerId customer, long before, long after) {
        if (after > (long) FAR_OVER * limits.bytes() && !unreadable.containsKey(customer)) {
            tryCompact(customer);
        } else if (after >= from && step(after) != step(before)) {
            enqueue(customer);
        }
    }

    private static long step(long length) {
        int shift = Math.max(0, 59 - Long.numberOfLeadingZeros(length));
        return ((long) shift << 32) + (length >>> shift);
    }

    /** A log was read, so looking at it costs little. */
    void read(CustomerId customer, StoredLog log) {
        if (isDue(log)) {
            enqueue(customer);
        }
    }

    private boolean isDue(StoredLog log) {
        long length = log.identity().length();
        if (length < from || !mayBeDue(log)) {
            return false;
        }
        return log.missing() > 0
                || length > limits.bytes()
                || hasDoubled(log)
                || limits.exceeds(ProfileLog.count(log.bytes(), 0, log.bytes().length), length);
    }

    /** What a log's first bytes and its length can tell. */
    private boolean mayBeDue(StoredLog head) {
        long length = head.identity().length();
        return length >= from && (limits.mayExceed(length) || hasDoubled(head));
    }

    private static boolean hasDoubled(StoredLog head) {
        return CarryOver.of(head.bytes(), 0, head.bytes().length)
                .hasDoubled(head.identity().length());
    }

    private void enqueue(CustomerId customer) {
        if (!closed && queued.add(customer) && !queue.offer(customer)) {
            queued.remove(customer);
        }
        start();
    }

    private synchronized void start() {
        if (thread == null && !closed) {
            Thread started = new Thread(this::work, "compactor");
            started.setDaemon(true);
            started.start();
            thread = started;
        }
    }

    private void work() {
        while (!closed) {
            try {
                CustomerId customer = queue.poll(LOOK_UP_MILLIS, TimeUnit.MILLISECONDS);
                if (customer != null) {
                    queued.remove(customer);
                    tryCompact(customer);
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void tryCompact(CustomerId customer) {
        try {
            compact(customer);
        } catch (StoreUnavailableException e) {
            LOG.debug("A log could not be compacted", e);
        } catch (RuntimeException e) {
            LOG.error("A log could not be compacted", e);
        }
    }

    /** Compacts a log if it is due, now and in this thread. */
    Outcome compact(CustomerId customer) {
        StoredLog head = store.head(customer);
        LogHeader known = head.identity().header();
        if (known == null || !mayBeDue(head) || known.equals(unreadable.get(customer))) {
            return Outcome.NOTHING_TO_DO;
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            StoredLog log = store.readOne(customer);
            LogHeader header = log.identity().header();
            if (header == null || !isDue(log)) {
                return Outcome.NOTHING_TO_DO;
            }
            switch (compact(log, header)) {
                case Unreadable unread -> {
                    note(customer, header);
                    return Outcome.UNREADABLE;
                }
                case Compacted done -> {
                    if (store.replace(customer, log.identity(), done.log())) {
                        count(log, done);
                        return Outcome.REWRITTEN;
                    }
                }
            }
        }
        meters.overtaken();
        return Outcome.OVERTAKEN;
    }

    private LogCompaction.Result compact(StoredLog log, LogHeader header) {
        // Of a log that is neither whole nor known to lack its oldest events, the rest could not be found.
        boolean found =
                log.missing() > 0 || log.bytes().length == log.identity().length();
        return found
                ? new LogCompaction()
                        .compact(log.bytes(), 0, log.bytes().length, store.newHeader(header.erasedAt()), limits)
                : new Unreadable();
    }

    private void count(StoredLog log, Compacted done) {
        meters.compacted(done.duplicates(), done.conflicts());
        long lost = done.dropped() + log.missing();
        if (lost > 0) {
            meters.capped(lost);
        }
    }

    /** Once for each log: as long as it is not rewritten it stays as it is. */
    private void note(CustomerId customer, LogHeader header) {
        if (unreadable.size() >= QUEUE) {
            unreadable.clear();
        }
        unreadable.put(customer, header);
        meters.unreadable();
        LOG.error("A log cannot be read from some event on; it is left as it is, and what can be read is used");
    }

    /** Ends the thread; what still waits is found again. */
    @Override
    public void close() {
        closed = true;
        Thread running;
        synchronized (this) {
            running = thread;
        }
        if (running != null) {
            try {
                running.join(PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
