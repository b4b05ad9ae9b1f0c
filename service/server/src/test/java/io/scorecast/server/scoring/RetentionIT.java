package io.scorecast.server.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.event.AttributeValue;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventAttributes;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.engine.profile.SourcePriority;
import io.scorecast.server.SteppedClock;
import io.scorecast.server.store.LogIdentity;
import io.scorecast.server.store.ProfileStore;
import io.scorecast.server.store.RedisClients;
import io.scorecast.server.store.RedisProcess;
import io.scorecast.server.store.RedisStore;
import io.scorecast.server.store.StoredLog;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which profiles go, and that nothing goes that came meanwhile. */
class RetentionIT {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration KEEP = Duration.ofDays(365);
    private static final Instant OLD = NOW.minus(Duration.ofDays(400));
    private static final Instant NEW = NOW.minus(Duration.ofDays(300));

    private final SteppedClock clock = new SteppedClock(NOW);
    private final List<CustomerId> written = new ArrayList<>();
    private final TreeSet<String> gone = new TreeSet<>();
    private final List<Retention.Sweep> sweeps = new CopyOnWriteArrayList<>();
    private RedisProcess redis;
    private RedisStore store;

    @BeforeEach
    void start(@TempDir Path folder) {
        redis = RedisProcess.server(folder);
        store = RedisClients.open(redis.url());
    }

    @AfterEach
    void stop() {
        store.close();
        redis.close();
    }

    private Retention retention(ProfileStore profiles, String instance) {
        return new Retention(
                KEEP,
                new Retention.Stores(profiles, store.control()),
                SourcePriority.NONE,
                written::add,
                gone::addAll,
                instance,
                clock,
                sweeps::add);
    }

    private static byte[] event(String customer, String id, Instant time) {
        return bytes(customer, id, "view", time, EventAttributes.NONE);
    }

    private static byte[] consent(String customer, boolean given, Instant time) {
        EventAttributes permission = EventAttributes.of(Map.of("profiling", new AttributeValue.Flag(given)));
        return bytes(customer, "consent-" + time, "consent", time, permission);
    }

    private static byte[] bytes(String customer, String id, String type, Instant time, EventAttributes attributes) {
        Event event = Event.builder()
                .id(id)
                .customer(customer)
                .type(type)
                .time(time.toEpochMilli())
                .attributes(attributes)
                .build(Long.MAX_VALUE);
        return ProfileLog.event(event, time.toEpochMilli());
    }

    private void append(String customer, byte[]... events) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] event : events) {
            all.writeBytes(event);
        }
        store.append(List.of(new ProfileStore.Append(CustomerId.of(customer), all.toByteArray())));
    }

    private StoredLog log(String customer) {
        return store.read(List.of(CustomerId.of(customer))).getFirst();
    }

    private List<String> ids(String customer) {
        byte[] log = log(customer).bytes();
        return ProfileLog.events(CustomerId.of(customer), log, 0, log.length).stream()
                .map(logged -> logged.event().id().value())
                .toList();
    }

    @Test
    void sweep_removesThoseWithoutANewEvent() throws Exception {
        append("old", event("old", "1", OLD), event("old", "2", OLD.minusSeconds(1)));
        append("both", event("both", "1", NEW), event("both", "2", OLD));
        append("limit", event("limit", "1", NOW.minus(KEEP)));

        retention(store, "a").sweep();

        assertThat(log("old").identity()).isEqualTo(LogIdentity.NONE);
        assertThat(ids("both")).containsExactly("1", "2");
        assertThat(ids("limit")).containsExactly("1");
        assertThat(written).containsExactly(CustomerId.of("old"));
        assertThat(gone).containsExactly("old");
        assertThat(sweeps).containsExactly(new Retention.Sweep(NOW.minus(KEEP), 1, 0));
    }

    @Test
    void sweep_ofWhoObjected_leavesTheObjectionAlone() throws Exception {
        append("no", event("no", "1", OLD), consent("no", true, OLD.minusSeconds(9)), consent("no", false, OLD));
        append("again", consent("again", false, OLD.minusSeconds(9)), consent("again", true, OLD));

        retention(store, "a").sweep();

        assertThat(ids("no")).containsExactly("consent-" + OLD.minusSeconds(9), "consent-" + OLD);
        assertThat(log("again").identity()).isEqualTo(LogIdentity.NONE);
        LogIdentity left = log("no").identity();
        retention(store, "a").sweep();
        assertThat(log("no").identity()).isEqualTo(left);
        assertThat(sweeps)
                .containsExactly(
                        new Retention.Sweep(NOW.minus(KEEP), 1, 1), new Retention.Sweep(NOW.minus(KEEP), 0, 0));
    }

    @Test
    void sweep_damagedLog_isLeftAlone() throws Exception {
        append("bad", event("bad", "1", OLD), new byte[] {0x12, 0x7f, 1});
        LogIdentity before = log("bad").identity();

        retention(store, "a").sweep();

        assertThat(log("bad").identity()).isEqualTo(before);
    }

    /** Between looking and removing an event arrives: it and the profile stay. */
    @Test
    void sweep_anEventArrivesMeanwhile_losesNothing() throws Exception {
        append("old", event("old", "1", OLD));
        ProfileStore late = new Overtaken(store) {
            @Override
            public List<StoredLog> read(List<CustomerId> customers) {
                List<StoredLog> logs = store.read(customers);
                RetentionIT.this.append("old", event("old", "2", NOW));
                return logs;
            }
        };

        retention(late, "a").sweep();

        assertThat(ids("old")).containsExactly("1", "2");
        assertThat(written).isEmpty();
    }

    @Test
    void sweep_manyPages_looksAtAll() throws Exception {
        List<String> customers =
                IntStream.range(0, 1_000).mapToObj(i -> "c-" + i).toList();
        for (String customer : customers) {
            append(customer, event(customer, "1", customer.endsWith("7") ? NEW : OLD));
        }

        retention(store, "a").sweep();

        assertThat(sweeps.getFirst().removed()).isEqualTo(900);
        assertThat(store.scan(null, 2_000).customers()).hasSize(100);
        assertThat(gone).hasSize(900);
    }

    @Test
    void start_onTwoInstances_walksOnceADay() {
        append("old", event("old", "1", OLD));
        try (Retention first = retention(store, "a");
                Retention second = retention(store, "b")) {
            first.start();
            second.start();
            RedisProcess.await("a walk", () -> !sweeps.isEmpty());
        }
        assertThat(log("old").identity()).isEqualTo(LogIdentity.NONE);
        clock.advance(Duration.ofHours(23));
        append("old", event("old", "1", OLD));
        String walked = store.control().facts("retention").get("swept");
        walkIfDue();
        assertThat(ids("old")).containsExactly("1");
        assertThat(sweeps).hasSize(1);
        clock.advance(Duration.ofHours(2));
        walkIfDue();
        assertThat(sweeps).hasSize(2);
        assertThat(store.control().facts("retention").get("swept")).isNotEqualTo(walked);
    }

    /** By the instance that may: the other's lease lasts for minutes. */
    private void walkIfDue() {
        for (String instance : List.of("a", "b")) {
            try (Retention next = retention(store, instance)) {
                next.start();
            }
        }
    }

    /** A store of which one call is different. */
    private abstract static class Overtaken implements ProfileStore {

        private final ProfileStore store;

        Overtaken(ProfileStore store) {
            this.store = store;
        }

        @Override
        public void append(List<Append> appends) {
            store.append(appends);
        }

        @Override
        public Page scan(@Nullable String cursor, int limit) {
            return store.scan(cursor, limit);
        }

        @Override
        public boolean replace(CustomerId customer, LogIdentity identity, byte[] log) {
            return store.replace(customer, identity, log);
        }

        @Override
        public boolean remove(CustomerId customer, LogIdentity identity, long now) {
            return store.remove(customer, identity, now);
        }

        @Override
        public void erase(List<CustomerId> customers, long erasedAt) {
            store.erase(customers, erasedAt);
        }
    }
}
