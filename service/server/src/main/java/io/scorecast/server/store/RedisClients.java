package io.scorecast.server.store;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.UnifiedJedis;

/** Opens stores by URL. */
public final class RedisClients {

    private static final int CONNECT_MILLIS = 1_000;

    /** A single command of a cluster is sent so often at most, and follows slots that have moved. */
    private static final int ATTEMPTS = 5;

    private RedisClients() {}

    /**
     * Opens the store at a URL, as {@link RedisUrl} describes them, with everything else at its default. Does not connect
     * yet.
     *
     * @throws IllegalArgumentException if the URL is none
     */
    public static RedisStore open(URI url) {
        return open(StoreSettings.of(url), new StoreMeters(new SimpleMeterRegistry()));
    }

    /**
     * Opens the stores. Does not connect yet.
     *
     * @throws IllegalArgumentException if a URL is none
     */
    public static RedisStore open(StoreSettings settings, StoreMeters meters) {
        Redis logs = redis(settings.redis(), settings);
        URI other = settings.predictions();
        Redis predictions = other == null ? logs : redis(other, settings);
        return new RedisStore(logs, predictions, settings, meters);
    }

    private static Redis redis(URI url, StoreSettings settings) {
        RedisUrl parsed = RedisUrl.parse(url);
        return new Redis(() -> client(parsed, settings));
    }

    /** Connects: what {@code redis://} means depends on the server. */
    private static UnifiedJedis client(RedisUrl url, StoreSettings settings) {
        return switch (url.kind()) {
            case SENTINEL -> sentinel(url, settings);
            case CLUSTER -> cluster(url, settings);
            case SERVER -> {
                RedisClient server = RedisClient.builder()
                        .hostAndPort(url.hosts().getFirst())
                        .clientConfig(config(url, settings, url.database()))
                        .poolConfig(pool(settings))
                        .build();
                boolean known = false;
                try {
                    boolean cluster = server.info("cluster").contains("cluster_enabled:1");
                    known = !cluster;
                    yield cluster ? cluster(url, settings) : server;
                } finally {
                    if (!known) {
                        server.close();
                    }
                }
            }
        };
    }

    private static UnifiedJedis cluster(RedisUrl url, StoreSettings settings) {
        return RedisClusterClient.builder()
                .nodes(new HashSet<>(url.hosts()))
                .clientConfig(config(url, settings, 0))
                .poolConfig(pool(settings))
                .maxAttempts(ATTEMPTS)
                .maxTotalRetriesDuration(settings.timeout())
                .build();
    }

    private static UnifiedJedis sentinel(RedisUrl url, StoreSettings settings) {
        String master = url.master() == null ? "" : url.master();
        List<HostAndPort> sentinels = url.hosts();
        return RedisSentinelClient.builder()
                .masterName(master)
                .sentinels(new HashSet<>(sentinels))
                .sentinelClientConfig(DefaultJedisClientConfig.builder()
                        .connectionTimeoutMillis(CONNECT_MILLIS)
                        .socketTimeoutMillis((int) settings.timeout().toMillis())
                        .sslOptions(url.tls() ? SslOptions.defaults() : null)
                        .build())
                .clientConfig(config(url, settings, url.database()))
                .poolConfig(pool(settings))
                .build();
    }

    private static JedisClientConfig config(RedisUrl url, StoreSettings settings, int database) {
        return DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(CONNECT_MILLIS)
                .socketTimeoutMillis((int) settings.timeout().toMillis())
                .user(url.user())
                .password(url.password())
                .database(database)
                .sslOptions(url.tls() ? SslOptions.defaults() : null)
                .clientName("scorecast")
                .build();
    }

    private static ConnectionPoolConfig pool(StoreSettings settings) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(settings.connections());
        pool.setMaxIdle(settings.connections());
        pool.setMinIdle(1);
        pool.setMaxWait(Duration.ofMillis(CONNECT_MILLIS));
        return pool;
    }
}
