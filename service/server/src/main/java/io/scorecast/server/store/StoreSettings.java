package io.scorecast.server.store;

import io.scorecast.engine.profile.LogLimits;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where profiles and predictions are kept, and how.
 *
 * @param redis of the profile logs
 * @param predictions of the predictions; null for the same
 * @param prefix what all keys begin with
 * @param timeout how long one answer of Redis is waited for
 * @param connections at most, to each server
 * @param limits of a log
 * @param compactFrom logs of fewer bytes are not worth rewriting
 * @param cipher of the ids of customers
 */
public record StoreSettings(
        URI redis,
        @Nullable URI predictions,
        String prefix,
        Duration timeout,
        int connections,
        LogLimits limits,
        int compactFrom,
        IdCipher cipher) {

    /** What all keys begin with unless something else is set. */
    public static final String DEFAULT_PREFIX = "sc1";

    /** How long an answer is waited for unless something else is set. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

    /** Connections to a server unless something else is set. */
    public static final int DEFAULT_CONNECTIONS = 64;

    /** From where on logs are compacted unless something else is set: some twenty events. */
    public static final int DEFAULT_COMPACT_FROM = 2_048;

    public StoreSettings {
        check("--redis-url (or REDIS_URL)", redis);
        if (predictions != null) {
            check("--predictions-redis-url", predictions);
        }
        if (!prefix.matches("[A-Za-z0-9_.:-]{1,32}")) {
            throw new IllegalArgumentException("a key prefix has 1 to 32 letters, digits, and any of _ . : -");
        }
        if (timeout.toMillis() < 1 || timeout.toMillis() > Integer.MAX_VALUE || connections < 1) {
            throw new IllegalArgumentException("timeout and connections must be more than 0");
        }
    }

    /** With ids as they are. */
    public StoreSettings(
            URI redis,
            @Nullable URI predictions,
            String prefix,
            Duration timeout,
            int connections,
            LogLimits limits,
            int compactFrom) {
        this(redis, predictions, prefix, timeout, connections, limits, compactFrom, IdCipher.NONE);
    }

    private static void check(String setting, URI url) {
        try {
            RedisUrl.parse(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(setting + ": " + e.getMessage(), e);
        }
    }

    /** The same with the logs at another URL. */
    public StoreSettings at(URI url) {
        return new StoreSettings(url, predictions, prefix, timeout, connections, limits, compactFrom, cipher);
    }

    /**
     * The same with ids that nobody can read in Redis.
     *
     * @param key null for ids as they are
     * @throws IllegalArgumentException if the key is too short
     */
    public StoreSettings idKey(@Nullable String key) {
        return new StoreSettings(
                redis, predictions, prefix, timeout, connections, limits, compactFrom, IdCipher.of(key));
    }

    /** Everything at its default. */
    public static StoreSettings of(URI redis) {
        return new StoreSettings(
                redis,
                null,
                DEFAULT_PREFIX,
                DEFAULT_TIMEOUT,
                DEFAULT_CONNECTIONS,
                LogLimits.DEFAULT,
                DEFAULT_COMPACT_FROM);
    }
}
