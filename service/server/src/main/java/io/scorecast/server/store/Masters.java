package io.scorecast.server.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.util.Pool;

/** The servers that hold keys: one, or the masters of a cluster. */
final class Masters {

    private static final int NODE_FLAGS = 2;
    private static final int NODE_SLOTS = 8;

    private Masters() {}

    /**
     * A server that holds keys.
     *
     * @param id names it, whatever its address; empty where there is only one
     * @param address host and port
     * @param slots that it says it has, with those on the move; empty where there is only one
     */
    record Master(String id, String address, String slots) {}

    /** All of them, in order of their ids. */
    static List<Master> of(UnifiedJedis redis) {
        if (!(redis instanceof RedisClusterClient cluster)) {
            return List.of(new Master("", "", ""));
        }
        JedisConnectionException failure = null;
        for (ConnectionPool pool : cluster.getClusterNodes().values()) {
            try (Connection connection = pool.getResource()) {
                return parse(nodes(connection));
            } catch (JedisConnectionException e) {
                failure = e;
            }
        }
        throw failure == null ? new JedisConnectionException("the cluster has no nodes") : failure;
    }

    private static String nodes(Connection connection) {
        Object answer = connection.executeCommand(new CommandArguments(Protocol.Command.CLUSTER).add("NODES"));
        return answer instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
    }

    private static List<Master> parse(String nodes) {
        List<Master> masters = new ArrayList<>();
        for (String line : nodes.split("\n", -1)) {
            Master master = master(line);
            if (master != null) {
                masters.add(master);
            }
        }
        masters.sort(Comparator.comparing(Master::id));
        return masters;
    }

    /** Null if a line of {@code CLUSTER NODES} is about a replica, or a master without slots. */
    private static @Nullable Master master(String line) {
        String[] words = line.split(" ", -1);
        if (words.length <= NODE_SLOTS || !words[NODE_FLAGS].matches(".*\\bmaster\\b.*")) {
            return null;
        }
        String address = words[1].replaceAll("@.*", "");
        return new Master(
                words[0],
                address,
                line.substring(line.indexOf(words[NODE_SLOTS - 1]) + words[NODE_SLOTS - 1].length() + 1));
    }

    /** What all masters say about their slots, those on the move included; empty where there is only one server. */
    static String slots(UnifiedJedis redis) {
        if (!(redis instanceof RedisClusterClient)) {
            return "";
        }
        StringBuilder slots = new StringBuilder();
        for (Master master : of(redis)) {
            String answer = ask(redis, master, Masters::nodes);
            answer.lines()
                    .filter(line -> line.contains("myself"))
                    .map(Masters::master)
                    .forEach(self -> {
                        if (self != null) {
                            slots.append(self.id())
                                    .append(' ')
                                    .append(self.slots())
                                    .append('\n');
                        }
                    });
        }
        return slots.toString();
    }

    /** A name that each server took when it started: another one than before, and it was restarted or replaced. */
    static String runs(UnifiedJedis redis) {
        StringBuilder runs = new StringBuilder();
        for (Master master : of(redis)) {
            Object answer = ask(
                    redis,
                    master,
                    connection -> connection.executeCommand(new CommandArguments(Protocol.Command.INFO).add("server")));
            String info = answer instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
            info.lines().filter(line -> line.startsWith("run_id:")).forEach(runs::append);
        }
        return runs.toString();
    }

    /** Asks one of them. */
    static <T> T ask(UnifiedJedis redis, Master master, Function<Connection, T> action) {
        try (Connection connection = pool(redis, master).getResource()) {
            return action.apply(connection);
        }
    }

    private static Pool<Connection> pool(UnifiedJedis redis, Master master) {
        if (redis instanceof RedisClient server) {
            return server.getPool();
        }
        if (redis instanceof RedisSentinelClient sentinel) {
            return sentinel.getPrimaryNodesConnectionMap().values().iterator().next();
        }
        RedisClusterClient cluster = (RedisClusterClient) redis;
        ConnectionPool known = cluster.getClusterNodes().get(master.address());
        if (known == null) {
            cluster.refreshClusterTopology();
            known = cluster.getClusterNodes().get(master.address());
        }
        if (known == null) {
            throw new JedisConnectionException("a master of the cluster cannot be reached");
        }
        return known;
    }
}
