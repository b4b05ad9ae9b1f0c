package io.scorecast.loadtest;

import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelBatch;
import java.util.concurrent.TimeUnit;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoostError;
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

/**
 * 300 trees of depth 6 over 40 features, three numbers in ten missing: the forest beside {@code inplace_predict} of
 * XGBoost4J, one thread each. Each call scores other rows than the one before, so that no way through the trees is learnt
 * by heart. The score is the time of a call, whatever its number of rows; both copy their input into place.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class TreesBenchmark {

    private static final int POOL_ROWS = 8192;

    /** Rows in one call. */
    @Param({"1", "8", "64", "4096"})
    public int rows;

    private final Booster booster = MadeUpTrees.train();
    private final Model forest = MadeUpTrees.open(booster);
    private final ModelBatch batch = new ModelBatch(forest.signature(), 1);
    private final float[] pool = MadeUpTrees.rows(POOL_ROWS, 2);
    private float[] numbers = new float[0];
    private int next;

    /** Where the rows of this call begin. */
    private int from() {
        next = next + 2 * rows <= POOL_ROWS ? next + rows : 0;
        return next * MadeUpTrees.WIDTH;
    }

    @Benchmark
    public float forest() {
        batch.begin(rows);
        System.arraycopy(pool, from(), batch.floats(0), 0, rows * MadeUpTrees.WIDTH);
        forest.predict(batch);
        return batch.floatOutput(0)[0];
    }

    @Benchmark
    public float[][] xgboost4j() throws XGBoostError {
        if (numbers.length == 0) {
            numbers = new float[rows * MadeUpTrees.WIDTH];
        }
        System.arraycopy(pool, from(), numbers, 0, numbers.length);
        return booster.inplace_predict(numbers, rows, MadeUpTrees.WIDTH, Float.NaN);
    }

    @TearDown
    public void close() {
        forest.close();
        booster.dispose();
    }
}
