package io.scorecast.server.store;

import static io.scorecast.server.store.TestEvents.event;
import static io.scorecast.server.store.TestEvents.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.profile.LogHeader;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.server.store.PredictionStore.Kept;
import io.scorecast.server.store.PredictionStore.Probe;
import io.scorecast.server.store.PredictionStore.Proof;
import io.scorecast.server.store.ProfileStore.Append;
import io.scorecast.server.store.ProfileStore.Page;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds for every deployment of Redis. */
abstract class StoreContract {

    private static final long NOW = 1_800_000_000_000L;
    private static final String PRINT = "f00d";

    /** Open as long as the tests of the class run. */
    abstract RedisStore store();

    /** Customers who are in no other test, on many slots; of every kind of id. */
    private static List<CustomerId> customers(int count) {
        String run = UUID.randomUUID().toString().substring(0, 8);
        return IntStream.range(0, count)
                .mapToObj(i -> CustomerId.of(i % 3 == 0 ? "a+b" + i + "@" + run : "c/" + i + "/größe " + run))
                .toList();
    }

    private StoredLog read(CustomerId customer) {
        return store().read(List.of(customer)).getFirst();
    }

    private void append(CustomerId customer, String... events) {
        for (String id : events) {
            store().append(List.of(new Append(customer, event(customer, id))));
        }
    }

    private static CachedPrediction prediction(String body, long validUntil) {
        return new CachedPrediction(body.getBytes(StandardCharsets.UTF_8), validUntil);
    }

    private @Nullable String proven(CustomerId customer, long now) {
        CachedPrediction prediction = prove(customer, now).prediction();
        return prediction == null ? null : new String(prediction.body(), StandardCharsets.UTF_8);
    }

    private Proof prove(CustomerId customer, long now) {
        return store().prove(List.of(new Probe(customer, true, true)), PRINT, now)
                .getFirst();
    }

    /** As who has just asked what is kept. */
    private boolean keep(CustomerId customer, LogIdentity identity, CachedPrediction prediction) {
        boolean replaces = prove(customer, NOW).other();
        return store().keep(List.of(new Kept(customer, identity, prediction, replaces)), PRINT, NOW)
                .getFirst();
    }

    @Test
    void append_manyCustomers_areReadInTheOrderAsked() {
        List<CustomerId> customers = customers(300);
        store().append(customers.stream()
                .map(c -> new Append(c, event(c, "first")))
                .toList());
        store().append(customers.reversed().stream()
                .map(c -> new Append(c, event(c, "second")))
                .toList());

        List<StoredLog> logs = store().read(customers);

        Set<LogHeader> headers = new HashSet<>();
        for (int i = 0; i < customers.size(); i++) {
            StoredLog log = logs.get(i);
            assertThat(ids(customers.get(i), log)).containsExactly("first", "second");
            assertThat(log.identity().length()).isEqualTo(log.bytes().length);
            assertThat(log.identity().header()).isEqualTo(ProfileLog.headerOf(log.bytes(), 0, log.bytes().length));
            headers.add(Objects.requireNonNull(log.identity().header()));
        }
        assertThat(headers).hasSize(customers.size());
    }

    @Test
    void read_unknownCustomer_isEmpty() {
        StoredLog log = read(customers(1).getFirst());

        assertThat(log.identity()).isEqualTo(LogIdentity.NONE);
        assertThat(log.bytes()).isEmpty();
    }

    @Test
    void append_byManyFirstWriters_beginsTheLogOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (CustomerId customer : customers(20)) {
                List<Future<?>> writers = IntStream.range(0, 8)
                        .<Future<?>>mapToObj(i -> threads.submit(() -> append(customer, "e-" + i)))
                        .toList();
                for (Future<?> writer : writers) {
                    writer.get();
                }
                StoredLog log = read(customer);
                assertThat(ids(customer, log))
                        .containsExactlyInAnyOrder("e-0", "e-1", "e-2", "e-3", "e-4", "e-5", "e-6", "e-7");
                int events = IntStream.range(0, 8)
                        .map(i -> event(customer, "e-" + i).length)
                        .sum();
                assertThat(log.bytes()).hasSize(ProfileLog.HEADER_BYTES + events);
            }
        }
    }

    @Test
    void keep_contentUnchanged_isProven() {
        CustomerId customer = customers(1).getFirst();
        append(customer, "e-1");
        LogIdentity identity = read(customer).identity();

        assertThat(proven(customer, NOW)).isNull();
        assertThat(keep(customer, identity, prediction("first", NOW + 60_000))).isTrue();
        assertThat(proven(customer, NOW)).isEqualTo("first");
        assertThat(proven(customer, NOW + 60_000)).as("past its time").isNull();
        assertThat(store().prove(List.of(new Probe(customer, true, false)), "beef", NOW)
                        .getFirst()
                        .prediction())
                .as("of another Scorer")
                .isNull();
        Proof bare = store().prove(List.of(new Probe(customer, false, false)), PRINT, NOW)
                .getFirst();
        assertThat(bare).isEqualTo(new Proof(identity, null, false, null));
    }

    @Test
    void prove_shortLog_comesAlong() {
        CustomerId customer = customers(1).getFirst();
        append(customer, "e-1", "e-2");
        StoredLog log = read(customer);

        StoredLog along = Objects.requireNonNull(prove(customer, NOW).log());

        assertThat(along.identity()).isEqualTo(log.identity());
        assertThat(along.bytes()).isEqualTo(log.bytes());
        assertThat(Objects.requireNonNull(prove(customers(1).getFirst(), NOW).log())
                        .identity())
                .isEqualTo(LogIdentity.NONE);
    }

    @Test
    void prove_longLog_tellsItsContentOnly() {
        CustomerId customer = customers(1).getFirst();
        store().append(IntStream.range(0, 800)
                .mapToObj(i -> new Append(customer, event(customer, "e-with-a-long-name-that-fills-the-log-" + i)))
                .toList());
        // It has doubled: rewritten now, it is not rewritten in the background while the test looks at it.
        RedisProcess.await(
                "compaction", () -> store().compactor().compact(customer) == Compactor.Outcome.NOTHING_TO_DO);
        LogIdentity identity = read(customer).identity();
        assertThat(identity.length()).isGreaterThan(16 << 10);

        assertThat(prove(customer, NOW)).isEqualTo(new Proof(identity, null, false, null));
        keep(customer, identity, prediction("long", NOW + 60_000));
        assertThat(proven(customer, NOW)).isEqualTo("long");
    }

    @Test
    void keep_secondWriter_isToldThatItIsNotTheFirst() {
        CustomerId customer = customers(1).getFirst();
        append(customer, "e-1");
        LogIdentity identity = read(customer).identity();

        assertThat(keep(customer, identity, prediction("first", NOW + 60_000))).isTrue();
        assertThat(keep(customer, identity, prediction("second", NOW + 60_000))).isFalse();
        assertThat(proven(customer, NOW)).isEqualTo("first");
        assertThat(store().keep(
                                List.of(new Kept(customer, identity, prediction("later", NOW + 120_000), true)),
                                PRINT,
                                NOW + 60_000)
                        .getFirst())
                .as("once the first is past its time")
                .isTrue();
    }

    @Test
    void keep_contentChanged_isNotServed() {
        CustomerId customer = customers(1).getFirst();
        append(customer, "e-1");
        LogIdentity before = read(customer).identity();
        keep(customer, before, prediction("old", NOW + 60_000));
        append(customer, "e-2");

        assertThat(proven(customer, NOW)).isNull();
        keep(customer, before, prediction("late", NOW + 60_000));
        assertThat(proven(customer, NOW)).isNull();
        assertThat(keep(customer, read(customer).identity(), prediction("new", NOW + 60_000)))
                .isTrue();
        assertThat(proven(customer, NOW)).isEqualTo("new");
    }

    @Test
    void keep_whereNoneWas_ofOldContent_leavesNothing() {
        CustomerId customer = customers(1).getFirst();
        append(customer, "e-1");
        LogIdentity before = read(customer).identity();

        append(customer, "e-2");
        assertThat(keep(customer, before, prediction("late", NOW + 60_000))).isFalse();
        assertThat(prove(customer, NOW).other()).isFalse();

        store().erase(List.of(customer), NOW);
        assertThat(keep(customer, before, prediction("secret", NOW + 60_000))).isFalse();
        assertThat(prove(customer, NOW).other()).as("after an erasure").isFalse();
    }

    @Test
    void keep_noLog_isRefused() {
        assertThat(keep(customers(1).getFirst(), LogIdentity.NONE, prediction("x", NOW + 60_000)))
                .isFalse();
    }

    @Test
    void forget_keptPrediction_isGone() {
        CustomerId customer = customers(1).getFirst();
        append(customer, "e-1");
        keep(customer, read(customer).identity(), prediction("x", NOW + 60_000));

        store().forget(List.of(customer), PRINT);

        assertThat(proven(customer, NOW)).isNull();
    }

    @Test
    void replace_unchanged_replaces() {
        CustomerId customer = customers(1).getFirst();
        append(customer, "e-1", "e-2");
        byte[] other = ProfileLog.header(new LogHeader(99, 0));

        assertThat(store().replace(customer, read(customer).identity(), other)).isTrue();
        assertThat(read(customer).bytes()).isEqualTo(other);
    }

    @Test
    void replace_changedOrOfTheSameLength_isRefused() {
        CustomerId customer = customers(1).getFirst();
        append(customer, "e-1");
        StoredLog before = read(customer);
        append(customer, "e-2");
        assertThat(store().replace(customer, before.identity(), before.bytes())).isFalse();

        // The same length with another epoch: what length alone would take for unchanged.
        store().erase(List.of(customer), NOW);
        append(customer, "e-3");
        assertThat(read(customer).identity().length())
                .isEqualTo(before.identity().length());
        assertThat(store().replace(customer, before.identity(), before.bytes())).isFalse();
        assertThat(ids(customer, read(customer))).containsExactly("e-3");
    }

    @Test
    void erase_leavesABareHeaderThatSaysWhen() {
        List<CustomerId> customers = customers(40);
        customers.subList(0, 20).forEach(customer -> append(customer, "e-1"));
        List<LogIdentity> before =
                store().read(customers).stream().map(StoredLog::identity).toList();
        keep(customers.getFirst(), before.getFirst(), prediction("secret", NOW + 60_000));

        store().erase(customers, NOW);

        List<StoredLog> after = store().read(customers);
        for (int i = 0; i < customers.size(); i++) {
            LogHeader header = Objects.requireNonNull(after.get(i).identity().header());
            assertThat(after.get(i).bytes()).hasSize(ProfileLog.HEADER_BYTES);
            assertThat(header.erasedAt()).isEqualTo(NOW);
            assertThat(header).isNotEqualTo(before.get(i).header());
        }
        assertThat(proven(customers.getFirst(), NOW)).isNull();
        append(customers.getFirst(), "new");
        StoredLog again = read(customers.getFirst());
        assertThat(ids(customers.getFirst(), again)).containsExactly("new");
        assertThat(Objects.requireNonNull(again.identity().header()).erasedAt()).isEqualTo(NOW);
    }

    @Test
    void remove_unchanged_leavesNothing() {
        CustomerId customer = customers(1).getFirst();
        append(customer, "e-1");

        assertThat(store().remove(customer, read(customer).identity(), NOW)).isTrue();

        assertThat(read(customer).identity()).isEqualTo(LogIdentity.NONE);
        assertThat(store().remove(customer, LogIdentity.NONE, NOW)).isFalse();
    }

    @Test
    void remove_appendedToMeanwhile_isRefused() {
        CustomerId customer = customers(1).getFirst();
        append(customer, "e-1");
        LogIdentity before = read(customer).identity();
        append(customer, "e-2");

        assertThat(store().remove(customer, before, NOW)).isFalse();

        assertThat(ids(customer, read(customer))).containsExactly("e-1", "e-2");
    }

    @Test
    void remove_whoWasErased_leavesTheHeaderUntilItsTimeIsOver() {
        CustomerId customer = customers(1).getFirst();
        for (boolean soon : List.of(true, false)) {
            append(customer, "e-1");
            store().erase(List.of(customer), NOW);
            append(customer, "e-2");
            long later = NOW + ProfileStore.ERASED.toMillis() + (soon ? -60_000 : 1);

            assertThat(store().remove(customer, read(customer).identity(), later))
                    .isTrue();

            LogHeader left = read(customer).identity().header();
            assertThat(left == null ? 0 : left.erasedAt()).isEqualTo(soon ? NOW : 0);
        }
    }

    @Test
    void lease_isHeldByOneAtATime() {
        String task = "task-" + UUID.randomUUID();
        Duration lasts = Duration.ofMinutes(1);
        assertThat(store().control().lease(task, "a", lasts)).isTrue();
        assertThat(store().control().lease(task, "b", lasts)).isFalse();
        assertThat(store().control().lease(task, "a", Duration.ofMillis(1))).isTrue();
        RedisProcess.await("the lease ends", () -> store().control().lease(task, "b", lasts));
        assertThat(store().control().lease(task, "a", lasts)).isFalse();
    }

    @Test
    void scan_inPages_listsEachWhoHasEvents() {
        List<CustomerId> customers = customers(250);
        store().append(customers.stream()
                .map(c -> new Append(c, event(c, "e-1")))
                .toList());
        store().erase(customers.subList(0, 50), NOW);
        for (int limit : List.of(1, 7, 1_000)) {
            Set<CustomerId> listed = new HashSet<>(list(limit));
            assertThat(listed).containsAll(customers.subList(50, 250));
            assertThat(listed).doesNotContainAnyElementsOf(customers.subList(0, 50));
        }
    }

    final List<CustomerId> list(int limit) {
        List<CustomerId> listed = new ArrayList<>();
        String cursor = null;
        do {
            Page page = store().scan(cursor, limit);
            assertThat(page.customers().size()).isLessThanOrEqualTo(limit);
            assertThat(page.customers()).doesNotHaveDuplicates();
            listed.addAll(page.customers());
            cursor = page.cursor();
        } while (cursor != null);
        return listed;
    }

    @Test
    void scan_badCursor_isRefused() {
        for (String cursor : List.of("x", "", "7", "MSAyIHggNA", "====", "ff")) {
            assertThatThrownBy(() -> store().scan(cursor, 10)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void compact_logThatHasDoubled_holdsEachEventOnce() {
        CustomerId customer = customers(1).getFirst();
        // More than twice eighty: a log that was rewritten just before its first repeat has doubled then, too.
        for (int i = 0; i < 170; i++) {
            append(customer, "e-" + i % 80);
        }
        RedisProcess.await(
                "compaction in the background",
                () -> ids(customer, read(customer)).size() < 170);

        List<String> left = ids(customer, read(customer));
        assertThat(new HashSet<>(left))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 80).mapToObj(i -> "e-" + i).toList());
    }

    @Test
    void dangerOfEviction_noeviction_isNone() {
        assertThat(store().dangerOfEviction()).isNull();
    }
}
