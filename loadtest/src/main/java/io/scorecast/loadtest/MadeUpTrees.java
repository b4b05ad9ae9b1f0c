package io.scorecast.loadtest;

import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.OpenRequest;
import io.scorecast.engine.model.xgboost.XgboostRuntime;
import io.scorecast.engine.problem.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.jspecify.annotations.Nullable;

/** 300 trees of depth 6, trained on customers that do not exist. */
final class MadeUpTrees {

    static final int WIDTH = 40;
    private static final int TREES = 300;
    private static final int DEPTH = 6;
    private static final int TRAINING_ROWS = 50_000;
    private static final double MISSING = 0.3;

    private MadeUpTrees() {}

    /** Row by row: counts, days, amounts and shares, three in ten missing. */
    static float[] rows(int rows, long seed) {
        return rows(rows, seed, MISSING);
    }

    /** The same with another share missing. */
    static float[] rows(int rows, long seed, double missing) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] numbers = new float[rows * WIDTH];
        for (int i = 0; i < numbers.length; i++) {
            double uniform = random.nextDouble();
            numbers[i] = random.nextDouble() < missing
                    ? Float.NaN
                    : (float)
                            switch (i % 4) {
                                case 0 -> Math.floor(-8 * Math.log(uniform));
                                case 1 -> -60 * Math.log(uniform);
                                case 2 -> Math.exp(3 + random.nextGaussian());
                                default -> uniform;
                            };
        }
        return numbers;
    }

    /** A logistic booster; its labels depend on pairs of features and on chance, so its trees are full. */
    static Booster train() {
        return train(TREES, DEPTH);
    }

    /** The same of another size. */
    static Booster train(int trees, int depth) {
        float[] numbers = rows(TRAINING_ROWS, 1);
        SplittableRandom random = new SplittableRandom(3);
        float[] labels = new float[TRAINING_ROWS];
        for (int r = 0; r < TRAINING_ROWS; r++) {
            double signal = 2 * random.nextGaussian();
            for (int c = 0; c + 3 < WIDTH; c += 4) {
                float count = numbers[r * WIDTH + c];
                float share = numbers[r * WIDTH + c + 3];
                signal += Float.isNaN(count) || Float.isNaN(share) ? -0.2 : Math.sin(count / 4 + 5 * share);
            }
            labels[r] = signal > 0 ? 1 : 0;
        }
        try {
            DMatrix matrix = new DMatrix(numbers, TRAINING_ROWS, WIDTH, Float.NaN);
            matrix.setLabel(labels);
            Booster booster = XGBoost.train(
                    matrix,
                    Map.of("objective", "binary:logistic", "max_depth", depth, "eta", 0.05, "seed", 1, "nthread", 4),
                    trees,
                    Map.of(),
                    null,
                    null);
            matrix.dispose();
            booster.setParam("nthread", 1);
            return booster;
        } catch (XGBoostError e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same booster as the service opens it. */
    static Model open(Booster booster) {
        return open(booster, IntStream.range(0, WIDTH).mapToObj(c -> "f" + c).toList());
    }

    /** One of these columns. */
    static Model open(Booster booster, List<String> columns) {
        Problems problems = new Problems();
        try {
            Path file = Files.createTempFile("trees", ".ubj");
            try {
                Files.write(file, booster.toByteArray("ubj"));
                @Nullable
                Model model = new XgboostRuntime()
                        .open(
                                new OpenRequest(
                                        file, "trees.ubj", "", List.of(new OpenRequest.Input("features", columns))),
                                problems);
                problems.throwIfAny();
                if (model == null) {
                    throw new IllegalStateException("no model and no problem");
                }
                return model;
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (XGBoostError e) {
            throw new IllegalStateException(e);
        }
    }
}
