package io.scorecast.server.store;

import static io.scorecast.server.store.TestEvents.event;
import static io.scorecast.server.store.TestEvents.ids;
import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.server.store.ProfileStore.Append;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** The contract on a cluster whose slots move all the time, each with a moment at which half of its keys have. */
class MovingSlotsStoreIT extends StoreContract {

    private static RedisCluster cluster;
    private static RedisStore store;
    private static Thread mover;
    private static volatile boolean stop;
    private static final AtomicInteger MOVES = new AtomicInteger();
    private static final ReentrantLock HOLD = new ReentrantLock(true);
    private static volatile Throwable failure;

    @BeforeAll
    static void start(@TempDir Path folder) {
        cluster = new RedisCluster(folder);
        store = RedisClients.open(cluster.url());
        mover = new Thread(MovingSlotsStoreIT::move, "mover");
        mover.start();
    }

    private static void move() {
        Random random = new Random(7);
        try {
            while (!stop) {
                List<Integer> slots = new ArrayList<>(populated());
                for (int i = 0; i < Math.min(20, slots.size()) && !stop; i++) {
                    HOLD.lock();
                    try {
                        cluster.move(
                                slots.get(random.nextInt(slots.size())),
                                () -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3)));
                        MOVES.incrementAndGet();
                    } finally {
                        HOLD.unlock();
                    }
                }
            }
        } catch (RuntimeException | AssertionError e) {
            failure = e;
        }
    }

    private static Set<Integer> populated() {
        Set<Integer> slots = new HashSet<>();
        for (RedisProcess node : cluster.nodes()) {
            try (Jedis redis = node.jedis()) {
                redis.keys("*").forEach(key -> slots.add((int) redis.clusterKeySlot(key)));
            }
        }
        return slots;
    }

    @AfterAll
    static void stop() throws InterruptedException {
        stop = true;
        mover.join();
        store.close();
        cluster.close();
        assertThat(failure).isNull();
        assertThat(MOVES.get()).isPositive();
    }

    @Override
    RedisStore store() {
        return store;
    }

    /** A listing is complete once slots hold still: with a slot moving at every moment it could go on for ever. */
    @Test
    @Override
    void scan_inPages_listsEachWhoHasEvents() {
        HOLD.lock();
        try {
            super.scan_inPages_listsEachWhoHasEvents();
        } finally {
            HOLD.unlock();
        }
    }

    @Test
    void append_whileEverySlotMoves_losesAndDoublesNothing() {
        List<CustomerId> customers = IntStream.range(0, 100)
                .mapToObj(i -> CustomerId.of("moved-" + i))
                .toList();
        int begin = MOVES.get();
        int rounds = 0;
        // Until as many slots have moved meanwhile as there are customers, or thereabouts.
        while (MOVES.get() - begin < 100 || rounds < 20) {
            assertThat(failure).as("the slots go on moving").isNull();
            assertThat(rounds)
                    .as("rounds in which %d slots moved", MOVES.get() - begin)
                    .isLessThan(2_000);
            int round = rounds++;
            store.append(customers.stream()
                    .map(c -> new Append(c, event(c, "e-" + round)))
                    .toList());
            List<StoredLog> logs = store.read(customers);
            for (int i = 0; i < customers.size(); i++) {
                assertThat(new HashSet<>(ids(customers.get(i), logs.get(i)))).hasSize(round + 1);
            }
        }
        int last = rounds;
        List<StoredLog> logs = store.read(customers);
        for (int i = 0; i < customers.size(); i++) {
            List<String> left = ids(customers.get(i), logs.get(i));
            // A command that was sent again after a broken connection may stand there twice; the decoder drops it.
            assertThat(new HashSet<>(left)).hasSize(last);
            assertThat(logs.get(i).identity().header()).isNotNull();
        }
    }
}
