package io.scorecast.engine.model.forest;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Rows that try a booster's splits: numbers at a threshold, a hair below or above it, or far from any, and three in ten
 * missing.
 */
public final class RandomRows {

    private static final double MISSING = 0.3;
    private static final int MAX_THRESHOLDS = 1024;

    private RandomRows() {}

    /** Row by row; NaN is missing. The same seed gives the same rows. */
    public static float[] of(BoosterFile file, int rows, long seed) {
        List<List<Float>> thresholds = new ArrayList<>();
        for (int f = 0; f < file.width(); f++) {
            thresholds.add(new ArrayList<>());
        }
        for (Tree tree : file.trees) {
            for (int node = 0; node < tree.nodes(); node++) {
                List<Float> known = tree.isLeaf(node) ? List.of() : thresholds.get(tree.feature(node));
                if (!tree.isLeaf(node) && known.size() < MAX_THRESHOLDS) {
                    known.add(tree.value(node));
                }
            }
        }
        SplittableRandom random = new SplittableRandom(seed);
        float[] numbers = new float[Math.multiplyExact(rows, file.width())];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextDouble() < MISSING ? Float.NaN : number(thresholds.get(i % file.width()), random);
        }
        return numbers;
    }

    private static float number(List<Float> thresholds, SplittableRandom random) {
        if (thresholds.isEmpty()) {
            return (float) random.nextDouble(-10, 10);
        }
        float threshold = thresholds.get(random.nextInt(thresholds.size()));
        float number = switch (random.nextInt(8)) {
            case 0 -> Math.nextDown(threshold);
            case 1 -> Math.nextUp(threshold);
            case 2 -> 0;
            case 3 -> (float) (threshold + random.nextDouble(-10, 10));
            default -> threshold;
        };
        return Float.isFinite(number) ? number : 0;
    }
}
