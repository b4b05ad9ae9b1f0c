package io.scorecast.loadtest;

import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelBatch;
import java.util.concurrent.TimeUnit;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Forests of several sizes beside {@code inplace_predict} of XGBoost4J, one thread each, in one run; the score is the time
 * of a call, whatever its number of rows. Each call scores other rows than the one before; both copy them into place.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class ForestsBenchmark {

    private static final int POOL_ROWS = 8192;

    /** Trees and their depth, or the shipped {@code clv} (250 trees of depth 4, 36 columns). */
    @Param({"100x4", "300x6", "1000x8", SizedForest.SHIPPED})
    public String size = "";

    /** Share of the rows' numbers. */
    @Param({"0", "0.3"})
    public double missing;

    /** In one call. */
    @Param({"1", "8", "64", "4096"})
    public int rows;

    private @Nullable Sides sides;

    /** What a trial asks. */
    private static final class Sides {

        private final SizedForest forest;
        private final Model ours;
        private final ModelBatch batch;
        private final float[] numbers;
        private final int rows;
        private int next;

        Sides(SizedForest forest, int rows) {
            this.forest = forest;
            this.rows = rows;
            this.ours = MadeUpTrees.open(forest.booster(), forest.columns());
            this.batch = new ModelBatch(ours.signature(), 1);
            this.numbers = new float[rows * forest.width()];
        }

        private void fill(float[] into) {
            next = next + 2 * rows <= POOL_ROWS ? next + rows : 0;
            System.arraycopy(forest.rows(), next * forest.width(), into, 0, rows * forest.width());
        }

        float ours() {
            batch.begin(rows);
            fill(batch.floats(0));
            ours.predict(batch);
            return batch.floatOutput(0)[0];
        }

        float[][] theirs() throws XGBoostError {
            fill(numbers);
            return forest.booster().inplace_predict(numbers, rows, forest.width(), Float.NaN);
        }
    }

    @Setup
    public void open() throws XGBoostError {
        Sides opened = new Sides(SizedForest.of(size, POOL_ROWS, missing), rows);
        sides = opened;
        for (int call = 0; call < 4; call++) {
            int at = opened.next;
            float ours = opened.ours();
            opened.next = at;
            float theirs = opened.theirs()[0][0];
            if (Math.abs(ours - theirs) > 1e-5 * Math.max(1, Math.abs(theirs))) {
                throw new IllegalStateException("the forest says " + ours + ", XGBoost4J " + theirs);
            }
        }
    }

    private Sides sides() {
        Sides opened = sides;
        if (opened == null) {
            throw new IllegalStateException("not set up");
        }
        return opened;
    }

    @Benchmark
    public float forest() {
        return sides().ours();
    }

    @Benchmark
    public float[][] xgboost4j() throws XGBoostError {
        return sides().theirs();
    }

    @TearDown
    public void close() {
        sides().ours.close();
        sides().forest.booster().dispose();
    }
}
