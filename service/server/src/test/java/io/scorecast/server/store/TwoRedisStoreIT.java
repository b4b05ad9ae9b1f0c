package io.scorecast.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.scorecast.engine.profile.LogLimits;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Predictions in a Redis of their own, which may evict, and another prefix. */
class TwoRedisStoreIT extends StoreContract {

    private static RedisProcess logs;
    private static RedisProcess predictions;
    private static RedisStore store;

    @BeforeAll
    static void start(@TempDir Path folder) {
        logs = RedisProcess.server(folder.resolve("logs"));
        predictions = RedisProcess.server(
                folder.resolve("predictions"), "--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru");
        StoreSettings settings = StoreSettings.of(logs.url());
        store = RedisClients.open(
                new StoreSettings(
                        logs.url(),
                        predictions.url(),
                        "shop-7",
                        settings.timeout(),
                        4,
                        LogLimits.DEFAULT,
                        settings.compactFrom()),
                new StoreMeters(new SimpleMeterRegistry()));
    }

    @AfterAll
    static void stop() {
        store.close();
        logs.close();
        predictions.close();
    }

    @Override
    RedisStore store() {
        return store;
    }

    @Test
    void keys_areWhereTheyBelong() {
        keep_contentUnchanged_isProven();
        try (Jedis one = logs.jedis();
                Jedis other = predictions.jedis()) {
            assertThat(one.keys("*"))
                    .filteredOn(key -> !key.startsWith("shop-7:control:"))
                    .isNotEmpty()
                    .allMatch(key -> key.startsWith("shop-7:{") && key.endsWith("}:p"));
            assertThat(other.keys("*")).isNotEmpty().allMatch(key -> key.contains("}:s:"));
        }
    }
}
