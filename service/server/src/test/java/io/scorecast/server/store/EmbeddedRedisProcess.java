package io.scorecast.server.store;

import static io.scorecast.server.store.TestEvents.event;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.server.store.ProfileStore.Append;
import java.nio.file.Path;
import java.util.List;

/** A process of its own with an embedded Redis: appends an event, says so, and waits to be killed. */
final class EmbeddedRedisProcess {

    private EmbeddedRedisProcess() {}

    public static void main(String[] args) throws Exception {
        EmbeddedRedis redis = EmbeddedRedis.start(Path.of(args[0]), Fsync.ALWAYS);
        Runtime.getRuntime().addShutdownHook(new Thread(redis::close));
        CustomerId customer = CustomerId.of("c-1");
        try (RedisStore store = RedisClients.open(redis.url())) {
            store.append(List.of(new Append(customer, event(customer, args[1]))));
        }
        System.out.println("ready " + redis.url().getPort());
        Thread.sleep(60_000);
    }
}
