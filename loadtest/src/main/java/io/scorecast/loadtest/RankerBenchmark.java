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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the shipped ranker alone takes for one customer: candidates of both lists, their features, the trees over all pairs,
 * the order of both lists. The profiles are those of {@link FlowBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseCompactObjectHeaders"})
public class RankerBenchmark {

    private final Scorer scorer = ShippedModels.load("next-product");
    private final byte[][] logs = ShippedModels.logs();
    private final ScoreBatch batch = scorer.newBatch(1);
    private int next;

    /** Up to both lists. */
    @Benchmark
    public ScoreBatch logToLists() {
        add();
        batch.score();
        return batch;
    }

    /** Up to the features of all pairs. */
    @Benchmark
    public ScoreBatch logToPairs() {
        add();
        return batch;
    }

    private void add() {
        batch.clear();
        byte[] log = logs[next++ % logs.length];
        batch.add(Question.plain("customer", ShippedModels.TIME), log, 0, log.length);
    }

    @TearDown
    public void close() {
        scorer.close();
    }
}
