package io.scorecast.server.store;

import java.net.URI;
import java.time.Duration;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.util.JedisURIHelper;

/** Opens stores by URL. */
public final class RedisClients {

    private static final int CONNECT_MILLIS = 1_000;
    private static final int ANSWER_MILLIS = 2_000;
    private static final int CONNECTIONS = 64;

    private RedisClients() {}

    /**
     * Opens the store at {@code redis://} or {@code rediss://} with user, password and database as Redis has them in URLs.
     * Does not connect yet.
     *
     * @throws IllegalArgumentException if the URL is none
     */
    public static RedisStore open(URI url) {
        boolean known = JedisURIHelper.isRedisScheme(url) || JedisURIHelper.isRedisSSLScheme(url);
        if (!known || !JedisURIHelper.isValid(url)) {
            throw new IllegalArgumentException("expected redis://host:port or rediss://host:port");
        }
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(CONNECTIONS);
        pool.setMaxIdle(CONNECTIONS);
        pool.setMinIdle(1);
        pool.setMaxWait(Duration.ofMillis(CONNECT_MILLIS));
        DefaultJedisClientConfig config = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(CONNECT_MILLIS)
                .socketTimeoutMillis(ANSWER_MILLIS)
                .user(JedisURIHelper.getUser(url))
                .password(JedisURIHelper.getPassword(url))
                .database(JedisURIHelper.getDBIndex(url))
                .sslOptions(JedisURIHelper.isRedisSSLScheme(url) ? SslOptions.defaults() : null)
                .clientName("scorecast")
                .build();
        return new RedisStore(RedisClient.builder()
                .hostAndPort(JedisURIHelper.getHostAndPort(url))
                .clientConfig(config)
                .poolConfig(pool)
                .build());
    }
}
