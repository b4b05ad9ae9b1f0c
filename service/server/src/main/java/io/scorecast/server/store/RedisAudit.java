package io.scorecast.server.store;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.StreamEntry;

/**
 * The record as one stream, {@code <prefix>:audit}, so on one slot of a cluster. A stream takes an entry only if its id is
 * above all others: with our own numbers as ids, of two instances that add the same number one is refused. That is all the
 * locking a chain needs.
 */
final class RedisAudit implements AuditStore {

    private static final String LOWEST = "-";
    private static final String HIGHEST = "+";

    private final Redis redis;
    private final String stream;
    private final String secret;

    RedisAudit(Redis redis, String prefix) {
        this.redis = redis;
        this.stream = prefix + ":audit";
        this.secret = prefix + ":audit-secret";
    }

    @Override
    public @Nullable Stored last() {
        List<Stored> newest = before(Long.MAX_VALUE, 1);
        return newest.isEmpty() ? null : newest.getFirst();
    }

    @Override
    public boolean append(long sequence, Map<String, String> fields) {
        return redis.call(client -> {
            try {
                client.xadd(stream, new StreamEntryID(sequence, 0), fields);
                return true;
            } catch (JedisDataException e) {
                if (String.valueOf(e.getMessage()).contains("equal or smaller")) {
                    return false;
                }
                throw e;
            }
        });
    }

    @Override
    public List<Stored> before(long sequence, int limit) {
        String from = sequence == Long.MAX_VALUE ? HIGHEST : "(" + sequence + "-0";
        return stored(redis.call(client -> client.xrevrange(stream, from, LOWEST, limit)));
    }

    @Override
    public List<Stored> after(long sequence, int limit) {
        return stored(redis.call(client -> client.xrange(stream, "(" + sequence + "-0", HIGHEST, limit)));
    }

    private static List<Stored> stored(List<StreamEntry> entries) {
        return entries.stream()
                .map(entry -> new Stored(entry.getID().getTime(), entry.getFields()))
                .toList();
    }

    @Override
    public String secret(String candidate) {
        return redis.call(client -> {
            client.set(secret, candidate, SetParams.setParams().nx());
            return client.get(secret);
        });
    }
}
