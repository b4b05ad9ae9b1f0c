package io.scorecast.server.store;

import static io.scorecast.server.store.TestEvents.event;
import static io.scorecast.server.store.TestEvents.ids;
import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.server.store.ProfileStore.Append;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A master and a replica behind one Sentinel. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SentinelRedisStoreIT extends StoreContract {

    private static RedisProcess master;
    private static RedisProcess replica;
    private static RedisProcess sentinel;
    private static RedisStore store;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        master = RedisProcess.server(folder.resolve("master"));
        replica = RedisProcess.server(
                folder.resolve("replica"), "--replicaof", "127.0.0.1", Integer.toString(master.port()));
        Path conf = Files.createDirectories(folder.resolve("sentinel")).resolve("sentinel.conf");
        Files.writeString(
                conf,
                "sentinel monitor shop 127.0.0.1 " + master.port() + " 1\n"
                        + "sentinel down-after-milliseconds shop 500\n"
                        + "sentinel failover-timeout shop 5000\n");
        sentinel =
                RedisProcess.start(conf.getParent(), RedisProcess.freePort(), List.of(conf.toString(), "--sentinel"));
        try (Jedis redis = sentinel.jedis()) {
            RedisProcess.await(
                    "the Sentinel knows the replica",
                    () -> !redis.sentinelReplicas("shop").isEmpty());
        }
        store = RedisClients.open(URI.create("redis+sentinel://127.0.0.1:" + sentinel.port() + "/shop"));
    }

    @AfterAll
    static void stop() {
        store.close();
        sentinel.close();
        replica.close();
        master.close();
    }

    @Override
    RedisStore store() {
        return store;
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void append_afterAFailover_goesToTheNewMaster() {
        CustomerId customer = CustomerId.of("failover");
        store.append(List.of(new Append(customer, event(customer, "before"))));
        try (Jedis redis = replica.jedis()) {
            RedisProcess.await("the replica has it", () -> redis.exists("sc1:{failover}:p"));
        }
        master.kill();

        RedisProcess.await("the replica has taken over", () -> {
            try {
                store.append(List.of(new Append(customer, event(customer, "after"))));
                return true;
            } catch (StoreUnavailableException e) {
                return false;
            }
        });
        assertThat(ids(customer, store.read(List.of(customer)).getFirst())).contains("before", "after");
    }
}
