package io.scorecast.server.store;

import static io.scorecast.server.store.TestEvents.event;
import static io.scorecast.server.store.TestEvents.ids;
import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.server.store.ProfileStore.Append;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

class ClusterRedisStoreIT extends StoreContract {

    private static RedisCluster cluster;
    private static RedisStore store;

    @BeforeAll
    static void start(@TempDir Path folder) {
        cluster = new RedisCluster(folder);
        store = RedisClients.open(cluster.url());
    }

    @AfterAll
    static void stop() {
        store.close();
        cluster.close();
    }

    @Override
    RedisStore store() {
        return store;
    }

    @Test
    void open_urlOfOneNode_findsTheCluster() {
        List<CustomerId> customers =
                IntStream.range(0, 60).mapToObj(i -> CustomerId.of("auto-" + i)).toList();
        try (RedisStore other = RedisClients.open(cluster.urlOfOneNode())) {
            other.append(
                    customers.stream().map(c -> new Append(c, event(c, "e-1"))).toList());
            for (int i = 0; i < customers.size(); i++) {
                assertThat(ids(customers.get(i), other.read(customers).get(i))).containsExactly("e-1");
            }
        }
        for (RedisProcess node : cluster.nodes()) {
            try (Jedis redis = node.jedis()) {
                assertThat(redis.keys("sc1:{auto-*")).isNotEmpty();
            }
        }
        assertThat(new HashSet<>(list(17))).containsAll(customers);
    }
}
