package io.scorecast.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.feature.FeaturePlan;
import io.scorecast.engine.feature.FeatureReader;
import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.profile.LogCompaction;
import io.scorecast.engine.profile.LogHeader;
import io.scorecast.engine.profile.LogLimits;
import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.ProfileDecoder;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.engine.profile.SourcePriority;
import io.scorecast.server.store.ProfileStore.Append;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Appends from several threads with repeats, compaction, erasure and reload, all at once, and a Redis that is killed in the
 * middle. What each did is written down with when it began and ended; by that, and by the ids, it is judged what must be
 * there, what may, and what must not.
 */
class LogStressIT {

    private static final int WRITERS = 4;
    private static final int APPENDS = 2_000;
    private static final long SEED = 20_261_125;
    private static final String FEATURES = """
            features:
              - {name: purchases, kind: count, event: purchase}
              - {name: spend, kind: sum, field: value, event: purchase}
              - {name: views, kind: count, event: view, window: 5m}
              - {name: products, kind: distinct, field: product_id, event: [purchase, view]}
              - {name: days_since_purchase, kind: days_since_last, event: purchase}
              - {name: decayed, kind: decayed_sum, field: value, event: purchase, half_life: 1h}
              - {name: gaps, kind: gap_mean, event: purchase}
              - {name: mean, kind: mean, field: value, event: purchase}
              - {name: frequency, kind: frequency}
              - {name: monetary_value, kind: monetary_value}
            """;

    private static final List<CustomerId> CUSTOMERS =
            IntStream.range(0, 6).mapToObj(i -> CustomerId.of("c-" + i)).toList();

    private final AtomicLong clock = new AtomicLong();

    /** When something was done: it took effect once between the two, or, not acknowledged, perhaps never. */
    private record Deed(CustomerId customer, List<String> ids, long begin, long end) {}

    private final ConcurrentLinkedQueue<Deed> appends = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Deed> erasures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean done = new AtomicBoolean();
    private final AtomicInteger reloads = new AtomicInteger();
    private final AtomicInteger compactions = new AtomicInteger();

    private static byte[] event(CustomerId customer, String id) {
        int hash = Math.floorMod(id.hashCode() * 31, 1_000);
        return ProfileLog.event(
                Event.builder()
                        .id(id)
                        .customer(customer.value())
                        .type(hash % 3 == 0 ? "purchase" : hash % 3 == 1 ? "view" : "return")
                        .time(TestEvents.TIME + hash * 1_000L)
                        .product("p-" + hash % 20)
                        .value(hash / 4.0)
                        .build(Long.MAX_VALUE),
                TestEvents.TIME + 1_000_000);
    }

    @Test
    void allAtOnce_nothingIsLostDoubledOrResurrected(@TempDir Path folder) throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (RedisProcess redis = RedisProcess.server(folder, "--appendfsync", "always");
                RedisStore store = RedisClients.open(
                        new StoreSettings(redis.url(), null, "sc1", Duration.ofSeconds(2), 32, LogLimits.DEFAULT, 256),
                        new StoreMeters(registry));
                ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 3)) {
            List<Future<?>> writers = IntStream.range(0, WRITERS)
                    .<Future<?>>mapToObj(w -> threads.submit(() -> write(store, w)))
                    .toList();
            List<Future<?>> others = List.of(
                    threads.submit(() -> compact(store)),
                    threads.submit(() -> erase(store)),
                    threads.submit(() -> reload(store)));
            for (int kill = 1; kill <= 2; kill++) {
                int until = kill * WRITERS * APPENDS / 3;
                RedisProcess.await("events are appended", () -> appends.size() >= until);
                redis.kill();
                redis.launch();
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            done.set(true);
            for (Future<?> other : others) {
                other.get();
            }
            assertThat(erasures.stream().filter(e -> e.end() < Long.MAX_VALUE)).hasSizeGreaterThan(5);
            assertThat(compactions.get()).isGreaterThan(20);
            assertThat(reloads.get()).isGreaterThan(20);
            for (CustomerId customer : CUSTOMERS) {
                judge(customer, store.read(List.of(customer)).getFirst().bytes());
            }
        }
    }

    private void write(RedisStore store, int writer) {
        Random random = new Random(SEED + writer);
        List<String> mine = new ArrayList<>();
        for (int i = 0; i < APPENDS; i++) {
            CustomerId customer = CUSTOMERS.get(random.nextInt(CUSTOMERS.size()));
            boolean repeat = !mine.isEmpty() && random.nextInt(3) == 0;
            String fresh = writer + "-" + i;
            // A repeat may be of another writer's event too: ids are shared by number.
            String id = repeat ? mine.get(random.nextInt(mine.size())) : random.nextInt(4) == 0 ? "any-" + i : fresh;
            mine.add(id);
            long begin = clock.incrementAndGet();
            long end = Long.MAX_VALUE;
            try {
                store.append(List.of(new Append(customer, event(customer, id))));
                end = clock.incrementAndGet();
            } catch (StoreUnavailableException e) {
                // May have taken effect, and may not.
            }
            appends.add(new Deed(customer, List.of(id), begin, end));
        }
    }

    private void erase(RedisStore store) {
        Random random = new Random(SEED - 1);
        int next = 300;
        while (!done.get()) {
            int when = next;
            if (appends.size() < when) {
                Thread.onSpinWait();
                continue;
            }
            next += 300;
            // The last customer is never erased, so that one log grows long.
            CustomerId customer = CUSTOMERS.get(random.nextInt(CUSTOMERS.size() - 1));
            long begin = clock.incrementAndGet();
            long end = Long.MAX_VALUE;
            try {
                store.erase(List.of(customer), TestEvents.TIME - 1); // before any event: none is ignored for its time
                end = clock.incrementAndGet();
            } catch (StoreUnavailableException e) {
                // May have taken effect, and may not.
            }
            erasures.add(new Deed(customer, List.of(), begin, end));
        }
    }

    private void compact(RedisStore store) {
        Random random = new Random(SEED - 2);
        LogCompaction compaction = new LogCompaction();
        while (!done.get()) {
            CustomerId customer = CUSTOMERS.get(random.nextInt(CUSTOMERS.size()));
            try {
                // Far more often than the compactor would, which works beside it.
                StoredLog log = store.read(List.of(customer)).getFirst();
                LogHeader header = log.identity().header();
                if (header != null) {
                    byte[] bytes = log.bytes();
                    LogCompaction.Compacted made = (LogCompaction.Compacted) compaction.compact(
                            bytes, 0, bytes.length, new LogHeader(random.nextLong(), 0), LogLimits.DEFAULT);
                    assertThat(features(made.log())).isEqualTo(features(bytes));
                    if (store.replace(customer, log.identity(), made.log())) {
                        compactions.incrementAndGet();
                    }
                }
            } catch (StoreUnavailableException e) {
                // The next one.
            }
        }
    }

    /** Reads through another store, as another instance of the service does. */
    private void reload(RedisStore store) {
        Random random = new Random(SEED - 3);
        while (!done.get()) {
            CustomerId customer = CUSTOMERS.get(random.nextInt(CUSTOMERS.size()));
            long begin = clock.incrementAndGet();
            try {
                StoredLog log = store.read(List.of(customer)).getFirst();
                Set<String> there = new HashSet<>(TestEvents.ids(customer, log));
                assertThat(mustBeThere(customer, begin)).allMatch(there::contains);
                reloads.incrementAndGet();
            } catch (StoreUnavailableException e) {
                // The next one.
            }
        }
    }

    /** What was acknowledged before a moment, and no erasure that had begun until now can have taken away. */
    private Set<String> mustBeThere(CustomerId customer, long moment) {
        Set<String> ids = new HashSet<>();
        if (customer.equals(CUSTOMERS.getLast())) {
            for (Deed append : appends) {
                if (append.customer().equals(customer) && append.end() < moment) {
                    ids.addAll(append.ids());
                }
            }
        }
        return ids;
    }

    private void judge(CustomerId customer, byte[] log) {
        List<Deed> erased =
                erasures.stream().filter(e -> e.customer().equals(customer)).toList();
        long lastBegin = erased.stream()
                .filter(e -> e.end() < Long.MAX_VALUE)
                .mapToLong(Deed::begin)
                .max()
                .orElse(-1);
        long lastEnd = erased.stream().mapToLong(Deed::end).max().orElse(-1);
        Map<String, Boolean> mayBe = new HashMap<>();
        Map<String, Boolean> mustBe = new HashMap<>();
        for (Deed append : appends) {
            if (append.customer().equals(customer)) {
                String id = append.ids().getFirst();
                mayBe.merge(id, append.end() > lastBegin, Boolean::logicalOr);
                mustBe.merge(id, append.end() < Long.MAX_VALUE && append.begin() > lastEnd, Boolean::logicalOr);
            }
        }
        byte[] compacted = ((LogCompaction.Compacted)
                        new LogCompaction().compact(log, 0, log.length, new LogHeader(1, 0), LogLimits.DEFAULT))
                .log();
        List<String> there = ids(customer, compacted);
        assertThat(there).as("nothing doubled").doesNotHaveDuplicates();
        assertThat(new HashSet<>(there)).isEqualTo(new HashSet<>(ids(customer, log)));
        assertThat(there).as("nothing resurrected").allMatch(id -> mayBe.getOrDefault(id, false));
        assertThat(there)
                .as("nothing lost")
                .containsAll(mustBe.keySet().stream()
                        .filter(id -> mustBe.getOrDefault(id, false))
                        .toList());
        assertThat(profile(log).size()).isEqualTo(there.size());
        assertThat(features(compacted)).isEqualTo(features(log));
    }

    private static List<String> ids(CustomerId customer, byte[] log) {
        return ProfileLog.events(customer, log, 0, log.length).stream()
                .map(logged -> logged.event().id().value())
                .toList();
    }

    private static Profile profile(byte[] log) {
        Profile profile = ProfileDecoder.create(SourcePriority.NONE).decode(log, 0, log.length);
        profile.asOf(TestEvents.TIME + 900_000, false);
        profile.asOf(Long.MAX_VALUE, false);
        return profile;
    }

    /** Every feature at several instants. */
    private static List<Double> features(byte[] log) {
        Problems problems = new Problems();
        FeatureSet set = FeatureSet.readFile("features.yaml", FEATURES, name -> null, problems);
        assertThat(problems.list()).isEmpty();
        FeaturePlan plan = FeaturePlan.of(List.of(set));
        FeatureReader reader = plan.reader(set);
        FeaturePlan.State state = plan.newState();
        Profile profile = ProfileDecoder.create(SourcePriority.NONE).decode(log, 0, log.length);
        List<Double> numbers = new ArrayList<>();
        for (long after : new long[] {0, 250_000, 500_000, 1_000_000}) {
            profile.asOf(TestEvents.TIME + after, false);
            plan.compute(profile, state);
            for (int feature = 0; feature < set.size(); feature++) {
                numbers.add(reader.number(state, feature));
            }
        }
        return numbers;
    }
}
