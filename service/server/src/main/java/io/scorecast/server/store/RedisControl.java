package io.scorecast.server.store;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisPubSub;

/** Facts as Redis hashes {@code <prefix>:control:<topic>}, told of on the channel {@code <prefix>:control}. */
final class RedisControl implements ControlStore {

    private static final Logger LOG = LoggerFactory.getLogger(RedisControl.class);
    private static final Duration RETRY = Duration.ofMillis(500);

    /** KEYS: lease. ARGV: holder, milliseconds. */
    private static final Script LEASE = Script.of("""
            local holder = redis.call('GET', KEYS[1])
            if holder and holder ~= ARGV[1] then return 0 end
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            return 1
            """);

    private final Redis redis;
    private final String channel;

    RedisControl(Redis redis, String prefix) {
        this.redis = redis;
        this.channel = prefix + ":control";
    }

    private String key(String topic) {
        return channel + ":" + topic;
    }

    @Override
    public Map<String, String> facts(String topic) {
        return redis.call(client -> client.hgetAll(key(topic)));
    }

    @Override
    public void set(String topic, String name, String value) {
        redis.call(client -> {
            client.hset(key(topic), name, value);
            return client.publish(channel, topic);
        });
    }

    @Override
    public void remove(String topic, String name) {
        redis.call(client -> {
            client.hdel(key(topic), name);
            return client.publish(channel, topic);
        });
    }

    @Override
    public void note(String topic, String name, String value) {
        redis.call(client -> client.hset(key(topic), name, value));
    }

    @Override
    public boolean lease(String task, String holder, Duration lasts) {
        return redis.call(client -> Long.valueOf(1)
                .equals(client.eval(
                        LEASE.text(),
                        List.of(bytes(key("lease:" + task))),
                        List.of(bytes(holder), Script.number(lasts.toMillis())))));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public AutoCloseable listen(Runnable heard) {
        return new Listener(heard);
    }

    /** Listens on a connection of its own, and again when that breaks. */
    private final class Listener extends JedisPubSub implements AutoCloseable {

        private final Runnable heard;
        private final CountDownLatch closed = new CountDownLatch(1);

        Listener(Runnable heard) {
            this.heard = heard;
            Thread.ofPlatform().daemon().name("control").start(this::run);
        }

        private void run() {
            try {
                do {
                    try {
                        redis.call(
                                client -> Masters.ask(client, Masters.of(client).getFirst(), this::hear));
                    } catch (StoreUnavailableException e) {
                        // Redis is away: polls tell what was missed.
                    }
                } while (!closed.await(RETRY.toMillis(), TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Whatever ends it, nobody else may use the connection: it may still be a subscriber's. */
        private Listener hear(Connection connection) {
            try {
                proceed(connection, channel);
                return this;
            } finally {
                connection.setBroken();
            }
        }

        @Override
        public void onSubscribe(String to, int channels) {
            if (closed.getCount() == 0) {
                unsubscribe(); // Closed while it was connecting.
            }
        }

        @Override
        public void onMessage(String from, String message) {
            try {
                heard.run();
            } catch (RuntimeException e) {
                LOG.debug("A message was not taken", e);
            }
        }

        @Override
        public void close() {
            closed.countDown();
            if (isSubscribed()) {
                unsubscribe();
            }
        }
    }
}
