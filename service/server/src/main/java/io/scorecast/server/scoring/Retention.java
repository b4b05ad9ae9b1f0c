package io.scorecast.server.scoring;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.EventType;
import io.scorecast.engine.profile.LogHeader;
import io.scorecast.engine.profile.LoggedEvent;
import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.ProfileDecoder;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.engine.profile.SourcePriority;
import io.scorecast.engine.profile.Truth;
import io.scorecast.server.store.ControlStore;
import io.scorecast.server.store.ProfileStore;
import io.scorecast.server.store.StoreUnavailableException;
import io.scorecast.server.store.StoredLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes profiles whose newest event is older than a set time. Once a day one of the instances walks over all customers,
 * slowly: it rests four times as long as it works. A profile goes only if it is still what was looked at, so an event that
 * arrives meanwhile keeps it. Of who has objected to profiling the objection stays, for it must outlive what it was about; a
 * log that cannot be read to its end is left alone.
 */
public final class Retention implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final String TOPIC = "retention";
    private static final String SWEPT = "swept";
    private static final String PROFILING = "profiling";
    private static final Duration EVERY = Duration.ofDays(1);
    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int PAGE = 200;
    private static final int REST = 4;
    private static final int TOGETHER = 10_000;

    private final Duration keep;
    private final Stores stores;
    private final ProfileDecoder decoder;
    private final Consumer<CustomerId> written;
    private final Erasure.Elsewhere elsewhere;
    private final String instance;
    private final Clock clock;
    private final Consumer<Sweep> done;
    private final SecureRandom random = new SecureRandom();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "retention");

    /** Where profiles are, and what instances share. */
    public record Stores(ProfileStore profiles, ControlStore control) {}

    /**
     * What a walk over all customers did.
     *
     * @param before profiles without an event of that instant or later went
     * @param removed profiles that are gone
     * @param objections profiles of which only the objection to profiling is left
     */
    public record Sweep(Instant before, long removed, long objections) {}

    /**
     * @param keep how long a profile stays after its newest event
     * @param priority as the Scorer's, for whose consent counts
     * @param written told of each customer whose profile went
     * @param elsewhere what else is kept of customers
     * @param instance tells this instance from the others
     * @param done told of each walk that came to its end
     */
    public Retention(
            Duration keep,
            Stores stores,
            SourcePriority priority,
            Consumer<CustomerId> written,
            Erasure.Elsewhere elsewhere,
            String instance,
            Clock clock,
            Consumer<Sweep> done) {
        this.keep = keep;
        this.stores = stores;
        this.decoder = ProfileDecoder.create(priority);
        this.written = written;
        this.elsewhere = elsewhere;
        this.instance = instance;
        this.clock = clock;
        this.done = done;
    }

    /** Begins to look every minute whether a walk is due. */
    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            do {
                try {
                    if (isDue() && mayWork()) {
                        sweep();
                    }
                } catch (StoreUnavailableException e) {
                    LOG.debug("Redis is away; old profiles are looked for later", e);
                } catch (IOException | RuntimeException e) {
                    LOG.error("Old profiles could not be removed; it is tried again", e);
                }
            } while (!closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isDue() {
        String swept = stores.control().facts(TOPIC).get(SWEPT);
        return swept == null || clock.millis() - Long.parseLong(swept) >= EVERY.toMillis();
    }

    private boolean mayWork() {
        return stores.control().lease(TOPIC, instance, LEASE);
    }

    /**
     * Walks over all customers, unless another instance takes over or this is closed.
     *
     * @throws IOException if rows of those who are gone may be left in files; they go with those files
     * @throws StoreUnavailableException if Redis is away; what was not looked at is looked at next time
     */
    void sweep() throws IOException, InterruptedException {
        long before = clock.millis() - keep.toMillis();
        Set<String> gone = new TreeSet<>();
        long removed = 0;
        long objections = 0;
        String cursor = null;
        while (true) {
            long start = System.nanoTime();
            ProfileStore.Page page = stores.profiles().scan(cursor, PAGE);
            List<StoredLog> logs = stores.profiles().read(page.customers());
            for (int i = 0; i < logs.size(); i++) {
                CustomerId customer = page.customers().get(i);
                Fate fate = settle(customer, logs.get(i), before);
                removed += fate == Fate.REMOVED ? 1 : 0;
                objections += fate == Fate.OBJECTION_KEPT ? 1 : 0;
                if (fate != Fate.STAYS) {
                    written.accept(customer);
                    gone.add(customer.value());
                }
            }
            cursor = page.cursor();
            boolean end = cursor == null || rest(System.nanoTime() - start) || !mayWork();
            if (!gone.isEmpty() && (end || gone.size() >= TOGETHER)) {
                elsewhere.erase(gone);
                gone.clear();
            }
            if (cursor == null) {
                break;
            }
            if (end) {
                return;
            }
        }
        stores.control().note(TOPIC, SWEPT, Long.toString(clock.millis()));
        done.accept(new Sweep(Instant.ofEpochMilli(before), removed, objections));
    }

    /** Whether it was closed meanwhile. */
    private boolean rest(long worked) throws InterruptedException {
        return closed.await(REST * worked, TimeUnit.NANOSECONDS);
    }

    private enum Fate {
        STAYS,
        REMOVED,
        OBJECTION_KEPT
    }

    private Fate settle(CustomerId customer, StoredLog log, long before) {
        byte[] bytes = log.bytes();
        LogHeader header = log.identity().header();
        Profile profile = decoder.decode(bytes, 0, bytes.length);
        profile.asOf(Long.MAX_VALUE, false);
        int events = profile.size();
        if (header == null || profile.broken() || (events > 0 && profile.time(events - 1) >= before)) {
            return Fate.STAYS;
        }
        if (profile.consent(PROFILING) != Truth.NO) {
            return stores.profiles().remove(customer, log.identity(), clock.millis()) ? Fate.REMOVED : Fate.STAYS;
        }
        byte[] consents = consents(customer, bytes, header.erasedAt());
        return consents != null && stores.profiles().replace(customer, log.identity(), consents)
                ? Fate.OBJECTION_KEPT
                : Fate.STAYS;
    }

    /** A log of nothing but consents; null if there is nothing else already. */
    private byte @Nullable [] consents(CustomerId customer, byte[] log, long erasedAt) {
        List<LoggedEvent> all = ProfileLog.events(customer, log, 0, log.length);
        List<LoggedEvent> consents = new ArrayList<>(all);
        consents.removeIf(logged -> logged.event().knownType() != EventType.CONSENT
                || logged.event().time() <= erasedAt);
        if (consents.size() == all.size()) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ProfileLog.header(new LogHeader(random.nextLong(), erasedAt)));
        for (LoggedEvent consent : consents) {
            bytes.writeBytes(ProfileLog.event(consent.event(), consent.arrival()));
        }
        return bytes.toByteArray();
    }

    /** Ends a walk where it is. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
