package io.scorecast.engine.model.forest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Trees laid out for evaluation without branches that depend on the data, which a processor cannot foresee.
 *
 * <p>Each number is mapped to an int that sorts the same way, and written twice into the encoded row: a missing one is
 * less than everything in the first copy and more than everything in the second. A split that sends missing numbers left
 * reads the first copy, one that sends them right the second, so a split is one comparison and the comparison's sign is
 * the step. Eight trees are walked at once, so that a walk's wait for memory is filled by the seven others; shallower ones
 * among them are padded, and all take the same number of steps.
 *
 * <p>Leaves are added in single precision and in the order of the trees, as XGBoost does it, so that sums agree to the
 * last bit or nearly so. Immutable; for many threads.
 */
final class Forest {

    /** Deeper trees are not worth the padded steps; XGBoost evaluates them. */
    static final int MAX_DEPTH = 64;

    /** Encoded rows of a block stay in the first-level cache together with eight trees. */
    private static final int BLOCK_NUMBERS = 4096;

    private static final int BLOCK_ROWS = 64;

    private final int width;
    private final int groups;
    private final int blockRows;
    private final float[] start;
    private final Bundle[] bundles;
    /** The output that each bundle adds to. */
    private final int[] bundleGroups;

    /**
     * Lays trees out.
     *
     * @param width features of a row
     * @param start the margin that the trees add to, one per output
     * @param groupOf the output that each tree adds to
     */
    Forest(int width, float[] start, List<Tree> trees, int[] groupOf) {
        this.width = width;
        this.groups = start.length;
        this.start = start.clone();
        this.blockRows = Math.max(1, Math.min(BLOCK_ROWS, BLOCK_NUMBERS / (2 * width)));
        List<Bundle> laid = new ArrayList<>();
        List<Integer> laidGroups = new ArrayList<>();
        List<List<Tree>> open = new ArrayList<>();
        for (int g = 0; g < groups; g++) {
            open.add(new ArrayList<>());
        }
        for (int t = 0; t < trees.size(); t++) {
            List<Tree> together = open.get(groupOf[t]);
            together.add(trees.get(t));
            if (together.size() == Bundle.TREES) {
                laid.add(bundle(together));
                laidGroups.add(groupOf[t]);
                together.clear();
            }
        }
        for (int g = 0; g < groups; g++) {
            if (!open.get(g).isEmpty()) {
                laid.add(bundle(open.get(g)));
                laidGroups.add(g);
            }
        }
        this.bundles = laid.toArray(Bundle[]::new);
        this.bundleGroups = laidGroups.stream().mapToInt(Integer::intValue).toArray();
    }

    private Bundle bundle(List<Tree> trees) {
        Tree[] eight = new Tree[Bundle.TREES];
        // Adding a leaf of zero changes no sum.
        Arrays.fill(eight, Tree.leaf(0));
        int depth = 0;
        int leaves = 0;
        for (int k = 0; k < trees.size(); k++) {
            eight[k] = trees.get(k);
            depth = Math.max(depth, eight[k].depth());
            leaves += eight[k].leaves();
        }
        return CompleteBundle.suits(depth, leaves)
                ? new CompleteBundle(eight, depth, width)
                : new LinkedBundle(eight, depth, width);
    }

    int width() {
        return width;
    }

    /** Margins per row. */
    int groups() {
        return groups;
    }

    /** Length of the array that {@link #margins} works in. */
    int scratchLength() {
        return blockRows * 2 * width;
    }

    /**
     * Adds up the trees.
     *
     * @param numbers row by row; NaN is missing
     * @param scratch of {@link #scratchLength}, overwritten
     * @param margins row by row, overwritten
     */
    void margins(float[] numbers, int rows, int[] scratch, float[] margins) {
        for (int first = 0; first < rows; first += blockRows) {
            int count = Math.min(blockRows, rows - first);
            Encoding.encode(numbers, first * width, count, width, scratch);
            for (int r = first; r < first + count; r++) {
                System.arraycopy(start, 0, margins, r * groups, groups);
            }
            for (int q = 0; q < bundles.length; q++) {
                bundles[q].add(scratch, count, 2 * width, margins, first * groups + bundleGroups[q], groups);
            }
        }
    }
}
