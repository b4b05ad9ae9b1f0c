package io.scorecast.server.store;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class SingleRedisStoreIT extends StoreContract {

    private static RedisProcess redis;
    private static RedisStore store;

    @BeforeAll
    static void start(@TempDir Path folder) {
        redis = RedisProcess.server(folder);
        store = RedisClients.open(redis.url());
    }

    @AfterAll
    static void stop() {
        store.close();
        redis.close();
    }

    @Override
    RedisStore store() {
        return store;
    }
}
