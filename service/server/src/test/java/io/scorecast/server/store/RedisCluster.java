package io.scorecast.server.store;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.MigrateParams;

/** Three masters on loopback, made without redis-cli; slots can be moved between them. */
final class RedisCluster implements AutoCloseable {

    static final int SLOTS = 16_384;
    private static final int NODES = 3;

    private final List<RedisProcess> nodes = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();

    /** By slot: the node that has it. */
    private final int[] owners = new int[SLOTS];

    RedisCluster(Path folder) {
        for (int i = 0; i < NODES; i++) {
            nodes.add(RedisProcess.server(folder.resolve("node-" + i), "--cluster-enabled", "yes"));
        }
        for (int i = 0; i < NODES; i++) {
            try (Jedis node = nodes.get(i).jedis()) {
                ids.add(node.clusterMyId());
                node.clusterMeet("127.0.0.1", nodes.get(0).port());
                int from = i * SLOTS / NODES;
                int[] slots = new int[(i + 1) * SLOTS / NODES - from];
                for (int s = 0; s < slots.length; s++) {
                    slots[s] = from + s;
                    owners[from + s] = i;
                }
                node.clusterAddSlots(slots);
            }
        }
        for (RedisProcess process : nodes) {
            RedisProcess.await("the cluster is whole", () -> {
                try (Jedis node = process.jedis()) {
                    String info = node.clusterInfo();
                    return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + NODES);
                }
            });
        }
    }

    URI url() {
        return URI.create("redis+cluster://"
                + nodes.stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(",")));
    }

    /** As somebody gives it who does not know that it is a cluster. */
    URI urlOfOneNode() {
        return nodes.get(1).url();
    }

    List<RedisProcess> nodes() {
        return nodes;
    }

    int ownerOf(int slot) {
        return owners[slot];
    }

    /** Moves a slot to the next node as redis-cli does, key by key; {@code between} runs while half of them are there. */
    void move(int slot, Runnable between) {
        int from = owners[slot];
        int to = (from + 1) % NODES;
        try (Jedis source = nodes.get(from).jedis();
                Jedis target = nodes.get(to).jedis()) {
            target.clusterSetSlotImporting(slot, ids.get(from));
            source.clusterSetSlotMigrating(slot, ids.get(to));
            boolean first = true;
            while (true) {
                List<String> keys = source.clusterGetKeysInSlot(slot, 1);
                if (keys.isEmpty()) {
                    break;
                }
                migrate(source, to, keys.getFirst());
                if (first) {
                    between.run();
                    first = false;
                }
            }
            if (first) {
                between.run();
                // What was written meanwhile is at the target already, by ASK.
            }
            // All hear of it, the target first, as from redis-cli: else a stale claim could win.
            for (int i = 0; i < NODES; i++) {
                try (Jedis node = nodes.get((to + i) % NODES).jedis()) {
                    node.clusterSetSlotNode(slot, ids.get(to));
                }
            }
            owners[slot] = to;
        }
        // The owner has raised its epoch. Two nodes that raise theirs without knowing of each other get the same one,
        // and the slot's former owner may take it back with an older message, and with it drop what the new one wrote.
        RedisProcess.await("the nodes agree on the epoch", () -> epochs().size() == 1);
    }

    private Set<String> epochs() {
        Set<String> epochs = new HashSet<>();
        for (RedisProcess process : nodes) {
            try (Jedis node = process.jedis()) {
                node.clusterInfo()
                        .lines()
                        .filter(line -> line.startsWith("cluster_current_epoch:"))
                        .forEach(epochs::add);
            }
        }
        return epochs;
    }

    private void migrate(Jedis source, int to, String key) {
        try {
            source.migrate("127.0.0.1", nodes.get(to).port(), 5_000, new MigrateParams(), key);
        } catch (JedisDataException e) {
            if (!String.valueOf(e.getMessage()).contains("NOKEY")) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        nodes.forEach(RedisProcess::close);
    }
}
