package io.scorecast.server.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scorecast.engine.prediction.ItemCatalogue;
import io.scorecast.engine.prediction.Reason;
import io.scorecast.engine.profile.LogHeader;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.engine.scorer.Question;
import io.scorecast.engine.scorer.ScoreBatch;
import io.scorecast.engine.scorer.ScorerLoader;
import io.scorecast.engine.scorer.ScorerMetrics;
import io.scorecast.engine.scorer.ScorerSettings;
import io.scorecast.engine.scorer.VersionStatus;
import io.scorecast.engine.scorer.VersionStatus.State;
import io.scorecast.server.SteppedClock;
import io.scorecast.server.store.EmbeddedRedis;
import io.scorecast.server.store.RedisClients;
import io.scorecast.server.store.RedisStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions that come, go, are pinned and compared, on a real Redis and with the shipped models. */
class ModelManagerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final byte[] LOG = ProfileLog.header(new LogHeader(0, 0));

    @TempDir
    static Path redisFolder;

    private static EmbeddedRedis redis;
    private static RedisStore store;

    @TempDir
    Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private RepositoryCopy repository;

    @BeforeAll
    static void startRedis() throws IOException {
        redis = EmbeddedRedis.start(redisFolder);
        store = RedisClients.open(redis.url());
    }

    @AfterAll
    static void stopRedis() {
        store.close();
        redis.close();
    }

    @BeforeEach
    void fill() {
        for (String topic : List.of("pins", "challengers", "instances", "activated")) {
            store.control()
                    .facts(topic)
                    .keySet()
                    .forEach(name -> store.control().remove(topic, name));
        }
        repository = new RepositoryCopy(folder.resolve("models"));
        repository.ship("propensity");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable part : opened.reversed()) {
            part.close();
        }
    }

    /** An instance over a repository. */
    private record Running(LiveScorer live, ModelManager models) {

        int serving(String model) {
            try (ScorerHandle handle = live.acquire()) {
                return handle.scorer().schema().versions().getOrDefault(model, 0);
            }
        }

        VersionStatus status(String model, int version) {
            return models.report().versions().stream()
                    .filter(status -> status.model().equals(model) && status.version() == version)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Running start(String name) {
        return start(name, repository.root());
    }

    private Running start(String name, Path models) {
        return start(name, models, Clock.systemUTC());
    }

    private Running start(String name, Path models, Clock clock) {
        LiveScorer live = new LiveScorer();
        ModelManager manager = new ModelManager(
                models,
                new ScorerLoader(ScorerSettings.DEFAULT, ScorerMetrics.NOOP),
                live,
                folder.resolve("pins-" + name),
                new ModelSettings(name, Duration.ofMillis(200), PATIENCE, Duration.ofMinutes(1)),
                clock);
        opened.add(manager);
        manager.prepare();
        assertThat(manager.start(store.control())).isTrue();
        return new Running(live, manager);
    }

    private void other(int version, double b) {
        repository.variant("propensity", version, yaml -> yaml.replace("b: 0.0727196", "b: " + b));
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("still waiting").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static <T> T get(CompletableFuture<T> future) throws Throwable {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause();
        }
    }

    @Test
    void newVersion_dropped_goesLiveOfItself() {
        Running one = start("one");
        assertThat(one.serving("propensity")).isEqualTo(1);
        other(2, 0.2);
        await(() -> one.serving("propensity") == 2);
        await(() -> one.status("propensity", 1).state() == State.STANDBY);
        assertThat(one.status("propensity", 2).state()).isEqualTo(State.LIVE);
    }

    @Test
    void halfCopiedFolder_isWaitedForThenServed() throws IOException {
        Running one = start("one");
        Path made = repository.variant("propensity", 2, yaml -> yaml.replace("b: 0.0727196", "b: 0.2"));
        Path held = Files.move(made.resolve("model.ubj"), folder.resolve("model.ubj"));
        await(() -> one.models().report().versions().stream()
                .anyMatch(status -> status.version() == 2 && status.state() == State.WAITING));
        assertThat(one.serving("propensity")).isEqualTo(1);
        Files.move(held, made.resolve("model.ubj"));
        await(() -> one.serving("propensity") == 2);
    }

    @Test
    void brokenVersion_isRejectedWithEveryReasonWhileTheOldOneServes() throws Throwable {
        Running one = start("one");
        Path made = repository.variant(
                "propensity", 2, yaml -> yaml.replace("task:", "tusk:").replace("kind: probability", "kind: probably"));
        Files.writeString(made.resolve("MODEL_CARD.md"), "another text");
        get(one.models().rescan());
        VersionStatus status = one.status("propensity", 2);
        assertThat(status.state()).isEqualTo(State.REJECTED);
        assertThat(status.problems().toString()).contains("MODEL_CARD.md", "tusk", "probably");
        assertThat(one.serving("propensity")).isEqualTo(1);
    }

    @Test
    void folderOfLiveVersion_takenAway_servesFromMemory() throws Throwable {
        Running one = start("one");
        RepositoryCopy.delete(repository.folder("propensity", 1));
        get(one.models().rescan());
        assertThat(one.serving("propensity")).isEqualTo(1);
        VersionStatus status = one.status("propensity", 1);
        assertThat(status.state()).isEqualTo(State.LIVE);
        assertThat(status.problems().toString()).contains("serves from memory");
    }

    @Test
    void folderOfLiveVersion_damaged_servesFromMemoryAndSaysSo() throws Throwable {
        Running one = start("one");
        Path yaml = repository.folder("propensity", 1).resolve("model.yaml");
        Files.writeString(yaml, Files.readString(yaml).replace("0.0727196", "0.0727197"));
        get(one.models().rescan());
        assertThat(one.serving("propensity")).isEqualTo(1);
        assertThat(one.status("propensity", 1).problems().toString()).contains("model.yaml");
    }

    @Test
    void pinUnpinRollback_serveWhatTheySay() throws Throwable {
        other(2, 0.2);
        Running one = start("one");
        assertThat(one.serving("propensity")).isEqualTo(2);
        get(one.models().pin("propensity", 1));
        assertThat(one.serving("propensity")).isEqualTo(1);
        other(3, 0.3);
        get(one.models().rescan());
        assertThat(one.serving("propensity")).isEqualTo(1);
        get(one.models().unpin("propensity"));
        assertThat(one.serving("propensity")).isEqualTo(3);
        get(one.models().rollback("propensity"));
        assertThat(one.serving("propensity")).isEqualTo(1);
        get(one.models().rollback("propensity"));
        assertThat(one.serving("propensity")).isEqualTo(3);
    }

    @Test
    void pin_thatCannotServe_isRefusedAndChangesNothing() throws IOException {
        Path made = repository.variant("propensity", 2, yaml -> yaml);
        Files.writeString(made.resolve("model.ubj"), "no model");
        RepositoryCopy.sum(made);
        Running one = start("one");
        assertThatThrownBy(() -> get(one.models().pin("propensity", 2)))
                .isInstanceOfSatisfying(ModelRefusal.class, refusal -> {
                    assertThat(refusal.isUnknown()).isFalse();
                    assertThat(refusal.problems()).isNotEmpty();
                });
        assertThatThrownBy(() -> get(one.models().pin("propensity", 9)))
                .isInstanceOfSatisfying(
                        ModelRefusal.class,
                        refusal -> assertThat(refusal.isUnknown()).isTrue());
        assertThatThrownBy(() -> get(one.models().pin("propensty", 1))).hasMessageContaining("propensity");
        assertThat(one.models().report().pins()).isEmpty();
        assertThat(one.serving("propensity")).isEqualTo(1);
    }

    @Test
    void pins_areFollowedByTheOtherInstanceAndKeptOnDisk() throws Throwable {
        other(2, 0.2);
        Running one = start("one");
        Running two = start("two");
        get(one.models().pin("propensity", 1));
        await(() -> two.serving("propensity") == 1);
        await(() -> Files.exists(folder.resolve("pins-two")));
        assertThat(new PinFile(folder.resolve("pins-two")).read()).isEqualTo(Map.of("propensity", 1));
        await(() -> one.models().report().others().values().stream()
                .anyMatch(other -> other.versions().equals(Map.of("propensity", 1))));
    }

    /** The other's clock is an hour ahead. */
    @Test
    void otherInstance_withoutTheFolder_isWaitedForNoLongerThanPatience() throws Throwable {
        RepositoryCopy elsewhere = new RepositoryCopy(folder.resolve("elsewhere"));
        elsewhere.ship("propensity");
        Running one = start("one");
        Running two = start("two", elsewhere.root(), Clock.offset(Clock.systemUTC(), Duration.ofHours(1)));
        await(() -> !one.models().report().others().isEmpty()
                && !two.models().report().others().isEmpty());
        long before = System.nanoTime();
        other(2, 0.2);
        get(one.models().rescan());
        assertThat(one.serving("propensity")).isEqualTo(2);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(PATIENCE);
        assertThat(two.serving("propensity")).isEqualTo(1);
    }

    @Test
    void recordsOfOthers_countWhileTheyChangeAndAreRemovedWhenForgotten() {
        SteppedClock clock = new SteppedClock(Instant.EPOCH);
        Fleet fleet = new Fleet(store.control(), clock, PATIENCE);
        Instance other = new Instance("other", 7, "", "", "", Map.of());
        store.control().note("instances", "other", other.text());
        store.control().note("instances", "newer", "of a release to come");
        assertThat(others(fleet)).containsOnlyKeys("other");
        clock.advance(Duration.ofSeconds(6));
        assertThat(others(fleet)).isEmpty();
        store.control().note("instances", "other", new Instance("other", 8, "", "", "", Map.of()).text());
        assertThat(others(fleet)).containsOnlyKeys("other");
        assertThat(store.control().facts("instances")).containsOnlyKeys("other", "newer");
        clock.advance(Duration.ofSeconds(298));
        others(fleet);
        assertThat(store.control().facts("instances")).containsOnlyKeys("other");
    }

    private static Map<String, Instance> others(Fleet fleet) {
        return Objects.requireNonNull(fleet.read()).instances();
    }

    @Test
    void shadow_besideASplit_isComparedWithTheChampionOnly() throws Throwable {
        other(2, 0.9);
        repository.ship("next-product");
        repository.variant("next-product", 2, yaml -> yaml.replace("top: 10", "top: 3"));
        Running one = start("one");
        get(one.models().pin("propensity", 1));
        get(one.models().pin("next-product", 1));
        get(one.models().challenge(new Challenge("propensity", 2, Challenge.Mode.SPLIT, 0.5)));
        get(one.models().challenge(new Challenge("next-product", 2, Challenge.Mode.SHADOW, 1)));
        int champions = 0;
        try (ShadowScoring shadow = new ShadowScoring(one.live())) {
            for (int c = 0; c < 40; c++) {
                try (ScorerHandle handle = one.live().acquire("c-" + c)) {
                    ScoreBatch rows = handle.scorer().newBatch(1);
                    rows.add(Question.plain("c-" + c, 0), LOG, 0, LOG.length);
                    rows.score();
                    shadow.offer(LOG, rows.prediction(0));
                    champions += handle.scorer().schema().versions().get("propensity") == 1 ? 1 : 0;
                }
            }
            long expected = champions;
            assertThat(expected).isBetween(5L, 35L);
            await(() -> compared(one).get("customers").equals(expected));
        }
        assertThat(compared(one).get("scores")).asString().contains("mean_absolute_difference=0.0,");
    }

    private static Map<String, Object> compared(Running one) {
        return Objects.requireNonNull(one.models().comparison("next-product"));
    }

    @Test
    void renamedOutput_waitsForThePolicyThatFollowsIt() throws Throwable {
        repository.variant("policy", 1, yaml -> "schema: 1\nsegments: [{name: keen, when: p_redeem_30d > 0.1}]\n");
        Running one = start("one");
        repository.variant("propensity", 2, yaml -> yaml.replace("p_redeem_30d", "p_coupon_30d"));
        get(one.models().rescan());
        assertThat(one.serving("propensity")).isEqualTo(1);
        VersionStatus refused = one.status("propensity", 2);
        assertThat(refused.state()).isEqualTo(State.REJECTED);
        assertThat(refused.problems().toString()).contains("policy/1/policy.yaml:2", "p_redeem_30d");
        repository.variant("policy", 2, yaml -> "schema: 1\nsegments: [{name: keen, when: p_coupon_30d > 0.1}]\n");
        get(one.models().rescan());
        assertThat(one.serving("propensity")).isEqualTo(2);
        assertThat(one.serving("policy")).isEqualTo(2);
    }

    @Test
    void challenger_splitsShadowsAndIsPromoted() throws Throwable {
        Running one = start("one");
        Running two = start("two");
        get(one.models().pin("propensity", 1));
        other(2, 0.9);
        // What is wrong elsewhere in the repository is no reason against a challenger.
        Files.createDirectories(repository.root().resolve("Bad Name/1"));
        get(one.models().rescan());
        assertThat(one.serving("propensity")).isEqualTo(1);
        Challenge split = new Challenge("propensity", 2, Challenge.Mode.SPLIT, 0.3);
        get(one.models().challenge(split));
        await(() -> two.live().isSplit());
        int challenged = 0;
        for (int c = 0; c < 1_000; c++) {
            try (ScorerHandle handle = one.live().acquire("c-" + c);
                    ScorerHandle there = two.live().acquire("c-" + c)) {
                int version = handle.scorer().schema().versions().getOrDefault("propensity", 0);
                assertThat(there.scorer().fingerprint())
                        .isEqualTo(handle.scorer().fingerprint());
                challenged += version == 2 ? 1 : 0;
            }
        }
        assertThat(challenged).isBetween(250, 350);
        assertThat(one.status("propensity", 2).state()).isEqualTo(State.CHALLENGER);
        get(one.models().promote("propensity"));
        assertThat(one.serving("propensity")).isEqualTo(2);
        assertThat(one.live().isSplit()).isFalse();
        await(() -> two.serving("propensity") == 2 && !two.live().isSplit());
        assertThatThrownBy(() -> get(one.models().promote("propensity"))).hasMessageContaining("no challenger");
    }

    @Test
    void retiredScorer_answersWhoHoldsIt() throws Throwable {
        Running one = start("one");
        ScorerHandle held = one.live().acquire();
        for (int version = 2; version < 5; version++) {
            other(version, version / 10.0);
            get(one.models().rescan());
        }
        assertThat(held.scorer()
                        .fallback(Question.plain("c", 0), Reason.UNKNOWN_CUSTOMER, ItemCatalogue.NONE)
                        .personalized())
                .isFalse();
        assertThat(held.scorer().models().getFirst().version()).isEqualTo(1);
        held.close();
        assertThat(one.serving("propensity")).isEqualTo(4);
    }
}
