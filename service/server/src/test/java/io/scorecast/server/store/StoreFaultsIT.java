package io.scorecast.server.store;

import static io.scorecast.server.store.TestEvents.event;
import static io.scorecast.server.store.TestEvents.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.profile.LogLimits;
import io.scorecast.server.store.ProfileStore.Append;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A Redis that is killed, hangs, is full, or is not there yet. */
class StoreFaultsIT {

    private static final CustomerId CUSTOMER = CustomerId.of("c-1");
    private static final Duration TIMEOUT = Duration.ofMillis(300);

    /** A broken connection or a second to connect may come on top of a timeout. */
    private static final Duration BOUND = Duration.ofSeconds(3);

    private RedisProcess redis;
    private RedisStore store;

    @BeforeEach
    void start(@TempDir Path folder) {
        redis = RedisProcess.server(folder, "--appendfsync", "always");
        store = open();
    }

    private RedisStore open() {
        return RedisClients.open(
                new StoreSettings(redis.url(), null, "sc1", TIMEOUT, 32, LogLimits.DEFAULT, 2_048),
                new StoreMeters(new SimpleMeterRegistry()));
    }

    @AfterEach
    void stop() {
        store.close();
        redis.close();
    }

    private void append(String id) {
        store.append(List.of(new Append(CUSTOMER, event(CUSTOMER, id))));
    }

    private List<String> read() {
        return ids(CUSTOMER, store.read(List.of(CUSTOMER)).getFirst());
    }

    @Test
    void append_redisKilledInTheMiddle_keepsWhatWasAcknowledged() throws Exception {
        List<String> acknowledged = new ArrayList<>();
        AtomicInteger count = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> writer = threads.submit(() -> {
                for (int i = 0; !done.get(); i++) {
                    try {
                        append("e-" + i);
                        acknowledged.add("e-" + i);
                        count.incrementAndGet();
                    } catch (StoreUnavailableException e) {
                        // Not acknowledged: it may be there or not.
                    }
                }
            });
            for (int kills = 0; kills < 3; kills++) {
                int before = count.get();
                RedisProcess.await("events are acknowledged", () -> count.get() > before + 50);
                redis.kill();
                redis.launch();
            }
            int before = count.get();
            RedisProcess.await("events are acknowledged again", () -> count.get() > before + 50);
            done.set(true);
            writer.get();
        }

        assertThat(new HashSet<>(read())).containsAll(acknowledged);
    }

    @Test
    void read_afterARestart_meetsNoBrokenConnection() throws Exception {
        append("e-1");
        int many = 16;
        try (ExecutorService threads = Executors.newFixedThreadPool(many)) {
            for (int restart = 0; restart < 2; restart++) {
                CountDownLatch all = new CountDownLatch(many);
                List<Future<List<String>>> reads = new ArrayList<>();
                for (int i = 0; i < many; i++) {
                    reads.add(threads.submit(() -> {
                        all.countDown();
                        all.await();
                        return read();
                    }));
                }
                for (Future<List<String>> read : reads) {
                    assertThat(read.get()).containsExactly("e-1");
                }
                redis.kill();
                redis.launch();
            }
            assertThat(read()).containsExactly("e-1");
        }
    }

    @Test
    void anyCall_redisHangs_failsInTimeAndRecovers() {
        append("e-1");
        redis.pause();
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            assertThatThrownBy(this::read).isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> append("e-2")).isInstanceOf(StoreUnavailableException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND.multipliedBy(2));
        }
        redis.unpause();

        RedisProcess.await("it answers again", () -> {
            try {
                return read().contains("e-1");
            } catch (StoreUnavailableException e) {
                return false;
            }
        });
        append("e-3");
        assertThat(read()).contains("e-1", "e-3");
    }

    @Test
    void anyCall_firstOfAHangingRedis_failsInTime() {
        redis.pause();
        try (RedisStore other = open()) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> other.read(List.of(CUSTOMER))).isInstanceOf(StoreUnavailableException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
        } finally {
            redis.unpause();
        }
    }

    @Test
    void anyCall_redisNotThereYet_worksOnceItIs() {
        redis.kill();
        try (RedisStore other = open()) {
            assertThatThrownBy(other::ping).isInstanceOf(StoreUnavailableException.class);
            redis.launch();
            other.ping();
        }
    }

    @Test
    void append_redisIsFull_isRefusedAndNothingIsLost() {
        append("e-1");
        try (Jedis admin = redis.jedis()) {
            admin.configSet("maxmemory", "1");
            assertThatThrownBy(() -> append("e-2"))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("OOM");
            assertThat(read()).containsExactly("e-1");
            admin.configSet("maxmemory", "0");
        }
        append("e-3");
        assertThat(read()).containsExactly("e-1", "e-3");
    }

    @Test
    void dangerOfEviction_policyThatEvictsLogs_isToldOnlyWhenMemoryIsLimited() {
        try (Jedis admin = redis.jedis()) {
            admin.configSet("maxmemory-policy", "allkeys-lru");
            assertThat(store.dangerOfEviction()).isNull();
            admin.configSet("maxmemory", "100mb");
            assertThat(store.dangerOfEviction()).contains("allkeys-lru").contains("noeviction");
            admin.configSet("maxmemory-policy", "volatile-lru");
            assertThat(store.dangerOfEviction()).isNull();
        }
    }

    @Test
    void erase_headerExpiresUnlessTheCustomerComesBack() {
        CustomerId other = CustomerId.of("c-2");
        store.erase(List.of(CUSTOMER, other), TestEvents.TIME);
        append("e-1");
        try (Jedis admin = redis.jedis()) {
            assertThat(admin.pttl("sc1:{c-1}:p")).isEqualTo(-1);
            assertThat(admin.pttl("sc1:{c-2}:p"))
                    .isBetween(ProfileStore.ERASED.minusHours(1).toMillis(), ProfileStore.ERASED.toMillis());
        }
    }

    @Test
    void append_scriptsFlushed_loadsThemAgain() {
        append("e-1");
        try (Jedis admin = redis.jedis()) {
            admin.scriptFlush();
        }
        append("e-2");
        assertThat(read()).containsExactly("e-1", "e-2");
    }
}
