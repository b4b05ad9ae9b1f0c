package io.scorecast.server.scoring;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.scorecast.engine.prediction.Reason;
import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.scorer.ScorerMetrics;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the time of scoring goes: histograms with buckets, which can be added up over instances. */
public final class ScoringMeters implements ScorerMetrics {

    private static final Logger LOG = LoggerFactory.getLogger(ScoringMeters.class);
    private static final Duration SHORTEST = Duration.ofNanos(10_000);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final MeterRegistry registry;
    private final Map<Stage, Timer> stages = new EnumMap<>(Stage.class);
    private final Map<CacheOutcome, Counter> outcomes = new EnumMap<>(CacheOutcome.class);
    private final Map<Reason, Counter> reasons = new EnumMap<>(Reason.class);
    private final Counter conflicts;
    private final Counter skipped;
    private final Counter broken;
    private final DistributionSummary batchSize;
    private final Timer waiting;
    private final Timer proving;
    private final Timer reading;
    private final Timer encoding;
    private final Timer keeping;

    public ScoringMeters(MeterRegistry registry) {
        this.registry = registry;
        for (Stage stage : Stage.values()) {
            stages.put(stage, stage(registry, stage.name().toLowerCase(Locale.ROOT)));
        }
        waiting = stage(registry, "queue");
        proving = stage(registry, "prove");
        reading = stage(registry, "read");
        encoding = stage(registry, "encode");
        keeping = stage(registry, "keep");
        for (CacheOutcome outcome : CacheOutcome.values()) {
            outcomes.put(
                    outcome,
                    Counter.builder("scorecast.cache")
                            .description("Answers by where they came from")
                            .tag("outcome", outcome.word())
                            .register(registry));
        }
        for (Reason reason : Reason.values()) {
            reasons.put(
                    reason,
                    Counter.builder("scorecast.fallbacks")
                            .description("Answers that are not personal, by reason")
                            .tag("reason", reason.word())
                            .register(registry));
        }
        conflicts =
                counter("scorecast.decoded.conflicts", "Repeated events found that say something else than the first");
        skipped = counter("scorecast.decoded.skipped", "Events found that could not be read and were passed over");
        broken = counter("scorecast.decoded.broken", "Logs found that could not be read from some event on");
        batchSize = DistributionSummary.builder("scorecast.batch.size")
                .description("Customers scored together")
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64)
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private static Timer stage(MeterRegistry registry, String name) {
        return Timer.builder("scorecast.stage")
                .description("Time of one batch in each stage")
                .tag("stage", name)
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .register(registry);
    }

    @Override
    public void stage(Stage stage, int rows, long nanos) {
        Timer timer = stages.get(stage);
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void modelFailed(String model, int rows, RuntimeException cause) {
        LOG.warn("Model {} failed for {} rows", model, rows, cause);
        Counter.builder("scorecast.model.failures")
                .description("Rows for which a model's fallback values stand in the answer")
                .tag("model", model)
                .register(registry)
                .increment(rows);
    }

    /** All answers so far. */
    public long answers() {
        double sum = 0;
        for (Counter counter : outcomes.values()) {
            sum += counter.count();
        }
        return (long) sum;
    }

    @Override
    public void decoded(Profile profile) {
        if (profile.conflicts() > 0) {
            conflicts.increment(profile.conflicts());
        }
        if (profile.skipped() > 0) {
            skipped.increment(profile.skipped());
        }
        if (profile.broken()) {
            broken.increment();
        }
    }

    void answered(CacheOutcome outcome) {
        Counter counter = outcomes.get(outcome);
        if (counter != null) {
            counter.increment();
        }
    }

    void fallback(Reason reason) {
        Counter counter = reasons.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    void batch(int size) {
        batchSize.record(size);
    }

    void waited(long nanos) {
        waiting.record(nanos, TimeUnit.NANOSECONDS);
    }

    void proven(long nanos) {
        proving.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Of one answer. */
    void encoded(long nanos) {
        encoding.record(nanos, TimeUnit.NANOSECONDS);
    }

    void read(long nanos) {
        reading.record(nanos, TimeUnit.NANOSECONDS);
    }

    void kept(long nanos) {
        keeping.record(nanos, TimeUnit.NANOSECONDS);
    }
}
