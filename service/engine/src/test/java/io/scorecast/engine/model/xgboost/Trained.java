package io.scorecast.engine.model.xgboost;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;

/** Boosters trained on made-up rows, three numbers in ten missing. */
final class Trained {

    static final int WIDTH = 12;
    private static final int ROWS = 3000;

    private Trained() {}

    /** Rows of numbers of several kinds: counts, amounts, shares, signs, zeros of both signs. */
    static float[] rows(int rows, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] numbers = new float[rows * WIDTH];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextDouble() < 0.3
                    ? Float.NaN
                    : switch (i % 4) {
                        case 0 -> random.nextInt(8);
                        case 1 -> (float) random.nextDouble(-1e3, 1e3);
                        case 2 -> (float) random.nextDouble();
                        default -> random.nextInt(3) == 0 ? -0f : (float) random.nextGaussian();
                    };
        }
        return numbers;
    }

    /** Trains on labels that suit the objective. */
    static Booster train(int rounds, Map<String, Object> settings) throws Exception {
        float[] numbers = rows(ROWS, 7);
        String objective = String.valueOf(settings.get("objective"));
        SplittableRandom random = new SplittableRandom(11);
        float[] labels = new float[ROWS];
        for (int r = 0; r < ROWS; r++) {
            int at = r * WIDTH;
            double signal = zero(numbers[at]) / 4
                    - 1
                    + zero(numbers[at + 1]) / 500
                    + zero(numbers[at + 6])
                    + random.nextGaussian() / 2;
            labels[r] = label(objective, signal);
        }
        DMatrix matrix = new DMatrix(numbers, ROWS, WIDTH, Float.NaN);
        matrix.setLabel(labels);
        if (objective.startsWith("rank:")) {
            int[] groups = new int[ROWS / 30];
            java.util.Arrays.fill(groups, 30);
            matrix.setGroup(groups);
        }
        Map<String, Object> all = new HashMap<>(Map.of("nthread", 2, "eta", 0.3, "seed", 3));
        all.putAll(settings);
        try {
            return XGBoost.train(matrix, all, rounds, Map.of(), null, null);
        } finally {
            matrix.dispose();
        }
    }

    private static double zero(float number) {
        return Float.isNaN(number) ? 0 : number;
    }

    private static float label(String objective, double signal) {
        return switch (objective) {
            case "binary:logistic", "binary:logitraw", "binary:hinge" -> signal > 0 ? 1 : 0;
            case "reg:logistic" -> (float) (1 / (1 + Math.exp(-signal)));
            case "count:poisson", "reg:tweedie" -> (float) Math.floor(Math.max(0, 2 * signal));
            case "reg:gamma" -> (float) Math.exp(signal);
            case "multi:softprob", "multi:softmax", "rank:ndcg", "rank:map", "rank:pairwise" ->
                objective.equals("rank:map") ? (signal > 0 ? 1 : 0) : Math.clamp(Math.round(signal + 1), 0, 2);
            default -> (float) (100 * signal);
        };
    }

    /** Writes it as the file name's ending asks. */
    static Path save(Booster booster, Path file) throws Exception {
        String name = file.getFileName().toString();
        return Files.write(file, booster.toByteArray(name.endsWith(".json") ? "json" : "ubj"));
    }
}
