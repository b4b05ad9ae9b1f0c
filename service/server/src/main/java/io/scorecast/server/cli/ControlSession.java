package io.scorecast.server.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.scorecast.server.security.AuditLog;
import io.scorecast.server.security.KeyRegistry;
import io.scorecast.server.store.EmbeddedRedis;
import io.scorecast.server.store.RedisStore;
import io.scorecast.server.store.StoreMeters;
import io.scorecast.server.store.StoreSettings;
import java.io.IOException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** The Redis of services, for a command that looks after them: the named one, or that of a data folder. */
final class ControlSession implements AutoCloseable {

    /** Who acts. */
    static final String WHO = "command line, " + System.getProperty("user.name", "somebody");

    private final @Nullable EmbeddedRedis embedded;
    private final RedisStore store;

    private ControlSession(@Nullable EmbeddedRedis embedded, RedisStore store) {
        this.embedded = embedded;
        this.store = store;
    }

    static ControlSession open(RedisOptions redis) throws IOException {
        StoreSettings settings = redis.store();
        EmbeddedRedis embedded = settings.redis().equals(ServiceSettings.EMBEDDED)
                ? EmbeddedRedis.start(redis.data().resolve("redis"), redis.fsync())
                : null;
        try {
            RedisStore store = RedisOptions.open(
                    embedded == null ? settings : settings.at(embedded.url()),
                    new StoreMeters(new SimpleMeterRegistry()));
            store.ping();
            return new ControlSession(embedded, store);
        } catch (RuntimeException e) {
            if (embedded != null) {
                embedded.close();
            }
            throw e;
        }
    }

    RedisStore store() {
        return store;
    }

    KeyRegistry keys() {
        return new KeyRegistry(store.control(), Clock.systemUTC());
    }

    /** Puts on record what the command did. */
    void record(String action, String target, String detail) {
        try (AuditLog audit = audit(null)) {
            audit.recordNow(WHO, action, target, "done", detail);
        }
    }

    /** The audit record by a key for the hashes of customers; null for the one that instances share. To be closed. */
    AuditLog audit(@Nullable String key) {
        return new AuditLog(store.audit(), "command line", key, Clock.systemUTC());
    }

    @Override
    public void close() {
        store.close();
        if (embedded != null) {
            embedded.close();
        }
    }
}
