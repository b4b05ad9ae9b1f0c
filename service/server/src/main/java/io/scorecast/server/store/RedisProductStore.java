package io.scorecast.server.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Products in shards, each on one slot of a cluster: a hash of JSON by id, a sorted set of the ids by the version at which
 * each was last changed, and a counter, the version. Who knows a version reads what has a higher one.
 */
final class RedisProductStore implements ProductStore {

    private static final int SHARDS = 16;
    private static final int MOST_AT_ONCE = 500;

    /** Changes nothing, the version included, where the same is there. KEYS: products, versions, counter. ARGV: id, JSON… */
    private static final Script PUT = Script.of("""
            local version = 0
            for i = 1, #ARGV, 2 do
                if redis.call('HGET', KEYS[1], ARGV[i]) ~= ARGV[i + 1] then
                    if version == 0 then version = redis.call('INCR', KEYS[3]) end
                    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
                    redis.call('ZADD', KEYS[2], version, ARGV[i])
                end
            end
            return version
            """);

    /**
     * As one step, so that the version is that of what comes with it. A version lower than the known one is that of another
     * Redis, or of one that lost its data: everything is read then. KEYS: as above. ARGV: the known version.
     */
    private static final Script CHANGES = Script.of("""
            local version = tonumber(redis.call('GET', KEYS[3]) or '0')
            local known = tonumber(ARGV[1])
            if version == known then return {version, 0} end
            local from = known < version and '(' .. ARGV[1] or '-inf'
            local found = {version, from == '-inf' and 1 or 0}
            for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], from, '+inf')) do
                found[#found + 1] = id
                found[#found + 1] = redis.call('HGET', KEYS[1], id)
            end
            return found
            """);

    private final Redis redis;
    private final String prefix;

    RedisProductStore(Redis redis, String prefix) {
        this.redis = redis;
        this.prefix = prefix;
    }

    private List<byte[]> keys(int shard) {
        String start = prefix + ":catalogue:{" + shard + "}:";
        return List.of(bytes(start + "products"), bytes(start + "versions"), bytes(start + "version"));
    }

    private static int shardOf(String id) {
        return ProductStore.shardOf(id, SHARDS);
    }

    @Override
    public int shards() {
        return SHARDS;
    }

    @Override
    public void put(Map<String, byte[]> products) {
        Map<Integer, List<byte[]>> arguments = new HashMap<>();
        List<Map.Entry<Integer, List<byte[]>>> calls = new ArrayList<>();
        products.forEach((id, json) -> {
            List<byte[]> list = arguments.computeIfAbsent(shardOf(id), shard -> new ArrayList<>());
            list.add(bytes(id));
            list.add(json);
            if (list.size() == 2 * MOST_AT_ONCE) {
                calls.add(Map.entry(shardOf(id), list));
                arguments.remove(shardOf(id));
            }
        });
        calls.addAll(arguments.entrySet());
        for (Map.Entry<Integer, List<byte[]>> call : calls) {
            Batch batch = new Batch(1);
            batch.add(PUT, keys(call.getKey()), call.getValue());
            redis.run(batch);
        }
    }

    @Override
    public byte @Nullable [] get(String id) {
        Batch batch = new Batch(1);
        Batch.Reply<byte[]> found =
                batch.add(Batch.COMMANDS.hget(keys(shardOf(id)).getFirst(), bytes(id)));
        redis.run(batch);
        return found.value();
    }

    @Override
    public List<Changes> changes(long[] known) {
        Batch batch = new Batch(SHARDS);
        List<Batch.Reply<Object>> replies = new ArrayList<>(SHARDS);
        for (int shard = 0; shard < SHARDS; shard++) {
            replies.add(batch.add(CHANGES, keys(shard), List.of(Script.number(known[shard]))));
        }
        redis.run(batch);
        List<Changes> changes = new ArrayList<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            if (replies.get(shard).value() instanceof List<?> reply && reply.getFirst() instanceof Long version) {
                if (version != known[shard]) {
                    changes.add(changes(shard, version, reply));
                }
            }
        }
        return changes;
    }

    private static Changes changes(int shard, long version, List<?> reply) {
        Map<String, byte[]> products = new HashMap<>();
        for (int i = 2; i + 1 < reply.size(); i += 2) {
            if (reply.get(i) instanceof byte[] id && reply.get(i + 1) instanceof byte[] json) {
                products.put(new String(id, StandardCharsets.UTF_8), json);
            }
        }
        boolean whole = Long.valueOf(1).equals(reply.get(1));
        return new Changes(shard, version, whole, products);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
