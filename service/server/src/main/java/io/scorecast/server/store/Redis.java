package io.scorecast.server.store;

import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.Pool;

/**
 * One server, one master that Sentinels know, or a cluster; connects when first used, and again whenever that failed. Every
 * failure is a {@link StoreUnavailableException}, and none takes longer than a few timeouts. Safe for many threads.
 */
final class Redis implements AutoCloseable {

    /** Who finds another thread connecting does not queue up behind it for long. */
    private static final long CONNECT_PATIENCE_MILLIS = 2_000;

    private final Supplier<UnifiedJedis> opening;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable UnifiedJedis client;
    private volatile boolean closed;

    /**
     * @param opening connects
     */
    Redis(Supplier<UnifiedJedis> opening) {
        this.opening = opening;
    }

    /**
     * Does something that may be done twice: once more after a broken connection, for Redis may have been restarted since
     * the last use. A silent Redis is asked once only.
     */
    <T> T call(Function<UnifiedJedis, T> action) {
        try {
            UnifiedJedis redis = client();
            try {
                return action.apply(redis);
            } catch (JedisConnectionException first) {
                if (isTimeout(first)) {
                    throw first;
                }
                dropConnections(redis);
                return action.apply(redis);
            }
        } catch (JedisConnectionException e) {
            throw new StoreUnavailableException("Redis does not answer: " + e.getMessage(), e);
        } catch (JedisException e) {
            throw new StoreUnavailableException("Redis refuses: " + e.getMessage(), e);
        }
    }

    /** Runs commands together, with one round trip to each server. */
    void run(Batch batch) {
        call(redis -> {
            batch.run(redis);
            return batch;
        });
    }

    private static boolean isTimeout(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    private UnifiedJedis client() {
        UnifiedJedis open = client;
        return open == null ? connect() : open;
    }

    private UnifiedJedis connect() {
        boolean mine = false;
        try {
            mine = lock.tryLock(CONNECT_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            UnifiedJedis open = client;
            if (open != null) {
                return open;
            }
            if (!mine || closed) {
                throw new JedisConnectionException(closed ? "closed" : "no connection yet");
            }
            open = opening.get();
            client = open;
            return open;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JedisConnectionException("interrupted while connecting", e);
        } finally {
            if (mine) {
                lock.unlock();
            }
        }
    }

    /** Those that wait in the pool are likely to be broken too. */
    private static void dropConnections(UnifiedJedis redis) {
        if (redis instanceof RedisClusterClient cluster) {
            cluster.getClusterNodes().values().forEach(Pool::clear);
        } else if (redis instanceof RedisClient server) {
            server.getPool().clear();
        } else if (redis instanceof RedisSentinelClient sentinel) {
            sentinel.getPrimaryNodesConnectionMap().values().forEach(Pool::clear);
        }
    }

    /** All servers that hold keys, in an order that does not change. */
    <T> List<T> eachMaster(Function<Connection, T> action) {
        return call(redis -> Masters.of(redis).stream()
                .map(master -> Masters.ask(redis, master, action))
                .toList());
    }

    @Override
    public void close() {
        closed = true;
        UnifiedJedis open = client;
        if (open != null) {
            open.close();
        }
    }
}
