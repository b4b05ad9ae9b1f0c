package io.scorecast.server.security;

import io.scorecast.server.store.ControlStore;
import io.scorecast.server.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys as this instance knows them: all of them in memory, read again whenever the control channel speaks and twice a
 * second besides, so a request asks nobody. While Redis is away the last ones known count, at a start those of the local
 * copy.
 */
public final class KeyRing implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);
    private static final Duration LOOK = Duration.ofMillis(500);

    /** Last uses are told this coarsely, and written no oftener. */
    private static final long USE_STEP = Duration.ofMinutes(10).toMillis();

    private final ControlStore control;
    private final Path copy;
    private final Clock clock;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "keys"));
    private final AtomicBoolean woken = new AtomicBoolean();
    private @Nullable AutoCloseable listener;
    private Map<String, String> texts = Map.of();
    private volatile Keys keys = new Keys(Map.of(), false, false);

    /**
     * @param copy a file of this machine's, for a start without Redis
     */
    public KeyRing(ControlStore control, Path copy, Clock clock) {
        this.control = control;
        this.copy = copy;
        this.clock = clock;
    }

    /**
     * What is known.
     *
     * @param byId those that could be read
     * @param any whether there is or was any key
     * @param known whether Redis, or the copy, told
     */
    private record Keys(Map<String, Held> byId, boolean any, boolean known) {}

    /** A key, and what this instance counts of it. */
    static final class Held {

        private final ApiKey key;
        private final Access.Granted granted;
        private final RateLimit requests;
        private final RateLimit tokens;
        private volatile long lastUsed;
        private long told;

        Held(ApiKey key, @Nullable Held before) {
            long now = System.nanoTime();
            this.key = key;
            this.granted = new Access.Granted(key.name());
            this.requests = before != null && before.key.rate() == key.rate()
                    ? before.requests
                    : new RateLimit(key.rate(), now);
            this.tokens = before != null && before.key.tokenRate() == key.tokenRate()
                    ? before.tokens
                    : new RateLimit(key.tokenRate(), now);
            this.lastUsed = before == null ? 0 : before.lastUsed;
            this.told = before == null ? 0 : before.told;
        }

        ApiKey key() {
            return key;
        }

        Access.Granted granted() {
            return granted;
        }

        /** 0, or nanoseconds to wait. */
        long take(boolean byToken) {
            return (byToken ? tokens : requests).take(System.nanoTime());
        }

        /** Written once in a step only, so that cores do not fight over it. */
        void used(long now) {
            long step = now - now % USE_STEP;
            if (lastUsed != step) {
                lastUsed = step;
            }
        }
    }

    /** Reads the keys, and follows them from now on. */
    public void start() {
        try {
            look();
        } catch (StoreUnavailableException e) {
            readCopy();
        }
        listener = control.listen(this::wake);
        Future<?> unused =
                thread.scheduleWithFixedDelay(this::tick, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether there is a key on record, be it a revoked one. */
    public boolean hasAny() {
        return keys.any();
    }

    /** Whether anybody could say which keys there are. */
    public boolean isKnown() {
        return keys.known();
    }

    @Nullable
    Held find(String id) {
        return keys.byId().get(id);
    }

    private void look() {
        Map<String, String> now = control.facts(KeyRegistry.KEYS);
        if (keys.known() && now.equals(texts)) {
            return;
        }
        take(now);
        writeCopy(now.values());
    }

    private void take(Map<String, String> now) {
        texts = Map.copyOf(now);
        Map<String, Held> byId = new HashMap<>();
        now.forEach((id, text) -> {
            ApiKey key = ApiKeyText.read(text);
            if (key == null) {
                LOG.warn("A key on record cannot be read and opens nothing");
            } else if (key.id().equals(id)) {
                byId.put(id, new Held(key, find(id)));
            }
        });
        keys = new Keys(Map.copyOf(byId), !now.isEmpty(), true);
    }

    private void tick() {
        woken.set(false);
        try {
            look();
            for (Held held : keys.byId().values()) {
                if (held.lastUsed != held.told) {
                    control.note(KeyRegistry.USES, held.key().id(), Long.toString(held.lastUsed));
                    held.told = held.lastUsed;
                }
            }
        } catch (StoreUnavailableException e) {
            LOG.debug("The keys could not be read", e);
        } catch (RuntimeException e) {
            LOG.error("The keys could not be read", e);
        }
    }

    private void wake() {
        if (woken.compareAndSet(false, true)) {
            try {
                thread.execute(this::tick);
            } catch (RejectedExecutionException e) {
                LOG.debug("Stopping", e);
            }
        }
    }

    private void readCopy() {
        try {
            Map<String, String> copied = new HashMap<>();
            for (String line : Files.exists(copy) ? Files.readAllLines(copy) : new ArrayList<String>()) {
                ApiKey key = ApiKeyText.read(line);
                if (key != null) {
                    copied.put(key.id(), line);
                }
            }
            if (!copied.isEmpty()) {
                take(copied);
                LOG.warn("Redis cannot be reached; the keys are those of {}", copy);
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be read", copy, e);
        }
    }

    private void writeCopy(Collection<String> lines) {
        if (lines.isEmpty() && !Files.exists(copy)) {
            return;
        }
        try {
            Path folder = copy.toAbsolutePath().getParent();
            if (folder == null) {
                return;
            }
            Files.createDirectories(folder);
            // Temporary files are nobody else's to read.
            Path fresh = Files.createTempFile(folder, "keys", ".new");
            Files.write(fresh, List.copyOf(lines));
            Files.move(fresh, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("The copy of the keys could not be written: a start without Redis will not know them", e);
        }
    }

    /** When keys end. */
    long now() {
        return clock.millis();
    }

    @Override
    public void close() {
        AutoCloseable listening = listener;
        if (listening != null) {
            try {
                listening.close();
            } catch (Exception e) {
                LOG.debug("The listener did not stop cleanly", e);
            }
        }
        thread.shutdownNow();
    }
}
