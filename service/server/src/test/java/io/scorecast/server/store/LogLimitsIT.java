package io.scorecast.server.store;

import static io.scorecast.server.store.TestEvents.event;
import static io.scorecast.server.store.TestEvents.ids;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.profile.CarryOver;
import io.scorecast.engine.profile.LogLimits;
import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.ProfileDecoder;
import io.scorecast.engine.profile.SourcePriority;
import io.scorecast.server.store.ProfileStore.Append;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Logs that are too long, and logs that cannot be read. */
class LogLimitsIT {

    private static final LogLimits LIMITS = new LogLimits(100, 20_000);

    private static RedisProcess redis;
    private SimpleMeterRegistry registry;
    private RedisStore store;

    @BeforeAll
    static void start(@TempDir Path folder) {
        redis = RedisProcess.server(folder);
    }

    @BeforeEach
    void open() {
        registry = new SimpleMeterRegistry();
        store = RedisClients.open(
                new StoreSettings(redis.url(), null, "sc1", Duration.ofSeconds(2), 8, LIMITS, 512),
                new StoreMeters(registry));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    private double counted(String name) {
        return registry.get(name).counter().count();
    }

    private static byte[] events(CustomerId customer, int from, int to) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = from; i < to; i++) {
            bytes.writeBytes(event(customer, "e-" + i));
        }
        return bytes.toByteArray();
    }

    private StoredLog read(CustomerId customer) {
        return store.read(List.of(customer)).getFirst();
    }

    private static byte[] key(CustomerId customer) {
        return ("sc1:{" + customer.value() + "}:p").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void append_moreEventsThanTheLimit_losesTheOldest() {
        CustomerId customer = CustomerId.of("many");
        for (int i = 0; i < 300; i++) {
            store.append(List.of(new Append(customer, event(customer, "e-" + i))));
        }
        RedisProcess.await("the log is within its limit", () -> {
            List<String> left = ids(customer, read(customer));
            return left.size() <= LIMITS.events();
        });
        RedisProcess.await("all are accounted for", () -> {
            StoredLog log = read(customer);
            return ids(customer, log).size() + counted("scorecast.logs.dropped.events") == 300;
        });

        StoredLog log = read(customer);
        assertThat(CarryOver.of(log.bytes(), 0, log.bytes().length).droppedEvents())
                .isEqualTo((long) counted("scorecast.logs.dropped.events"));
        assertThat(counted("scorecast.logs.capped")).isPositive();
        Profile profile = ProfileDecoder.create(SourcePriority.NONE).decode(log.bytes(), 0, log.bytes().length);
        profile.asOf(Long.MAX_VALUE, false);
        long oldestLeft = profile.time(0);
        long newer = 0;
        for (int i = 0; i < 300; i++) {
            newer += TestEvents.TIME + Math.floorMod(("e-" + i).hashCode(), 1_000_000) >= oldestLeft ? 1 : 0;
        }
        assertThat(newer).as("no newer one was lost while an older one stayed").isEqualTo(profile.size());
    }

    @Test
    void append_atOnceFarBeyondTheLimit_isCutBeforeItReturns() {
        CustomerId customer = CustomerId.of("flood");

        store.append(List.of(new Append(customer, events(customer, 0, 20_000))));

        try (Jedis admin = redis.jedis()) {
            assertThat(admin.strlen(key(customer))).isLessThanOrEqualTo(LIMITS.bytes());
        }
        StoredLog log = read(customer);
        assertThat(ids(customer, log).size() + counted("scorecast.logs.dropped.events"))
                .isEqualTo(20_000);
    }

    @Test
    void read_logFarBeyondTheLimit_isNotReadWhole() {
        CustomerId customer = CustomerId.of("unawares");
        store.append(List.of(new Append(customer, event(customer, "first"))));
        try (Jedis other = redis.jedis()) {
            // By another hand, which knows of no limits.
            other.append(key(customer), events(customer, 0, 50_000));
        }

        StoredLog log = read(customer);

        assertThat(log.bytes().length).isLessThanOrEqualTo(2 * LIMITS.bytes());
        List<String> left = ids(customer, log);
        assertThat(left).endsWith("e-49999").hasSizeGreaterThan(100);
        assertThat(left.size() + log.missing()).isEqualTo(50_001);
        RedisProcess.await("the log is cut", () -> read(customer).identity().length() <= LIMITS.bytes());
        assertThat(counted("scorecast.logs.dropped.events")
                        + ids(customer, read(customer)).size())
                .isEqualTo(50_001);
    }

    @Test
    void compact_brokenLength_isAlarmedOnceAndLeftAsItIs() {
        CustomerId customer = CustomerId.of("broken");
        store.append(List.of(new Append(customer, event(customer, "first"))));
        try (Jedis other = redis.jedis()) {
            // By another hand and at once: else the log might be compacted while it is still whole.
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            rest.writeBytes(events(customer, 0, 20));
            rest.writeBytes(new byte[] {0x12, (byte) 0xff, (byte) 0xff, 0x7f, 1, 2, 3});
            other.append(key(customer), rest.toByteArray());
        }
        byte[] before = read(customer).bytes();

        RedisProcess.await("the alarm", () -> counted("scorecast.logs.unreadable") == 1);
        for (int i = 0; i < 20; i++) {
            read(customer);
        }
        assertThat(store.compactor().compact(customer)).isEqualTo(Compactor.Outcome.NOTHING_TO_DO);

        StoredLog after = read(customer);
        assertThat(after.bytes()).isEqualTo(before);
        assertThat(ids(customer, after)).hasSize(21);
        assertThat(counted("scorecast.logs.unreadable")).isEqualTo(1);
        assertThat(counted("scorecast.compactions")).isZero();
        Profile profile = ProfileDecoder.create(SourcePriority.NONE).decode(after.bytes(), 0, after.bytes().length);
        assertThat(profile.broken()).isTrue();
    }

    @Test
    void compact_badEventInsideItsLength_isKept() {
        CustomerId customer = CustomerId.of("bad-event");
        try (Jedis other = redis.jedis()) {
            store.append(List.of(new Append(customer, event(customer, "e-0"))));
            other.append(key(customer), new byte[] {0x12, 3, 0x0a, 50, 1});
            store.append(List.of(new Append(customer, events(customer, 0, 20))));
        }

        RedisProcess.await("compaction", () -> counted("scorecast.compactions") == 1);

        StoredLog after = read(customer);
        assertThat(ids(customer, after)).hasSize(20);
        Profile profile = ProfileDecoder.create(SourcePriority.NONE).decode(after.bytes(), 0, after.bytes().length);
        assertThat(profile.skipped()).isEqualTo(1);
    }

    @Test
    void compact_repeatThatDiffers_isCounted() {
        CustomerId customer = CustomerId.of("differs");
        byte[] other = TestEvents.event(customer, "e-1", 99.0);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(events(customer, 0, 30));
        bytes.writeBytes(other);
        bytes.writeBytes(event(customer, "e-2"));
        store.append(List.of(new Append(customer, bytes.toByteArray())));

        RedisProcess.await("compaction", () -> counted("scorecast.compactions") == 1);

        assertThat(counted("scorecast.compactions.duplicates")).isEqualTo(2);
        assertThat(counted("scorecast.compactions.conflicts")).isEqualTo(1);
        assertThat(ids(customer, read(customer))).hasSize(30);
    }

    @Test
    void compact_notDoubled_leavesTheLogAlone() {
        CustomerId customer = CustomerId.of("once");
        store.append(List.of(new Append(customer, events(customer, 0, 20))));
        RedisProcess.await("compaction", () -> counted("scorecast.compactions") == 1);
        LogIdentity compacted = read(customer).identity();

        store.append(List.of(new Append(customer, events(customer, 0, 15))));

        assertThat(store.compactor().compact(customer)).isEqualTo(Compactor.Outcome.NOTHING_TO_DO);
        assertThat(read(customer).identity().header()).isEqualTo(compacted.header());
        store.append(List.of(new Append(customer, events(customer, 0, 15))));
        RedisProcess.await("compaction", () -> counted("scorecast.compactions") == 2);
        assertThat(ids(customer, read(customer))).hasSize(20);
        assertThat(counted("scorecast.compactions.duplicates")).isEqualTo(30);
        assertThat(counted("scorecast.compactions.conflicts")).isZero();
    }
}
