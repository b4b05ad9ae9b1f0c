package io.scorecast.loadtest;

import io.scorecast.engine.scorer.Question;
import io.scorecast.engine.scorer.ScoreBatch;
import io.scorecast.engine.scorer.Scorer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The whole flow without a network, all shipped models: the bytes of logs as Redis has them to the bytes of answers. The
 * profiles have some forty events, joined from those that the propensity model is warmed up with; each call has others than
 * the one before. The score is the time of a call, whatever its number of customers.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseCompactObjectHeaders"})
public class FlowBenchmark {

    /** Customers scored together. */
    @Param({"1", "8", "64"})
    public int customers;

    private final Scorer scorer = ShippedModels.load();
    private final byte[][] logs = ShippedModels.logs();
    private final ScoreBatch batch = scorer.newBatch(64);
    private int next;

    /** Everything that happens between Redis and the response. */
    @Benchmark
    public void logToAnswer(Blackhole hole) {
        score();
        for (int i = 0; i < customers; i++) {
            hole.consume(scorer.json().encode(batch.prediction(i), null, Integer.MAX_VALUE));
        }
    }

    /** The same up to the predictions of the models and the rules. */
    @Benchmark
    public ScoreBatch logToScores() {
        score();
        return batch;
    }

    /** Decoding and the pass of the features alone. */
    @Benchmark
    public ScoreBatch logToFeatures() {
        add();
        return batch;
    }

    private void score() {
        add();
        batch.score();
    }

    private void add() {
        batch.clear();
        for (int i = 0; i < customers; i++) {
            byte[] log = logs[next++ % logs.length];
            batch.add(Question.plain("customer", ShippedModels.TIME), log, 0, log.length);
        }
    }

    @TearDown
    public void close() {
        scorer.close();
    }
}
