package io.scorecast.engine.model.forest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ForestTest {

    private static final int WIDTH = 5;
    private static final float[] VALUES = {
        Float.NEGATIVE_INFINITY,
        -Float.MAX_VALUE,
        -2,
        -1,
        -Float.MIN_VALUE,
        -0f,
        0f,
        Float.MIN_VALUE,
        1,
        2,
        Float.MAX_VALUE,
        Float.POSITIVE_INFINITY
    };

    /** A tree of that many splits, each put at a random leaf, or always at the newest one. */
    private static Tree tree(SplittableRandom random, int splits, boolean chain) throws MalformedModel {
        int nodes = 2 * splits + 1;
        int[] left = new int[nodes];
        int[] right = new int[nodes];
        int[] features = new int[nodes];
        int[] missingLeft = new int[nodes];
        float[] values = new float[nodes];
        List<Integer> leaves = new ArrayList<>(List.of(0));
        int next = 1;
        for (int s = 0; s < splits; s++) {
            int at = leaves.remove(chain ? leaves.size() - 1 : random.nextInt(leaves.size()));
            features[at] = random.nextInt(WIDTH);
            missingLeft[at] = random.nextInt(2);
            values[at] = VALUES[random.nextInt(VALUES.length)];
            boolean swapped = random.nextBoolean();
            left[at] = swapped ? next + 1 : next;
            right[at] = swapped ? next : next + 1;
            leaves.add(next++);
            leaves.add(next++);
        }
        for (int leaf : leaves) {
            left[leaf] = Tree.NO_CHILD;
            right[leaf] = Tree.NO_CHILD;
            values[leaf] = (float) random.nextGaussian();
        }
        return Tree.of(left, right, new int[0], features, values, new int[0], missingLeft, WIDTH);
    }

    /** The obvious way. */
    private static float leaf(Tree tree, float[] rows, int from) {
        int node = 0;
        while (!tree.isLeaf(node)) {
            float number = rows[from + tree.feature(node)];
            boolean left = Float.isNaN(number) ? tree.missingLeft(node) : number < tree.value(node);
            node = left ? tree.left(node) : tree.right(node);
        }
        return tree.value(node);
    }

    private static void check(SplittableRandom random, List<Tree> trees, int groups) {
        int[] groupOf = random.ints(trees.size(), 0, groups).toArray();
        float[] start = new float[groups];
        for (int g = 0; g < groups; g++) {
            start[g] = g - 0.25f;
        }
        int rows = 130;
        float[] numbers = new float[rows * WIDTH];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextInt(4) == 0 ? Float.NaN : VALUES[random.nextInt(VALUES.length)];
        }
        Forest forest = new Forest(WIDTH, start, trees, groupOf);
        float[] margins = new float[rows * groups];
        forest.margins(numbers, rows, new int[forest.scratchLength()], margins);
        for (int r = 0; r < rows; r++) {
            float[] expected = start.clone();
            for (int t = 0; t < trees.size(); t++) {
                expected[groupOf[t]] += leaf(trees.get(t), numbers, r * WIDTH);
            }
            for (int g = 0; g < groups; g++) {
                // The same sums in the same order: not a bit apart.
                assertThat(margins[r * groups + g]).isEqualTo(expected[g]);
            }
        }
    }

    @Test
    void margins_treesOfEveryShape_equalAPlainWalk() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 300; round++) {
            List<Tree> trees = new ArrayList<>();
            for (int t = random.nextInt(20); t > 0; t--) {
                boolean chain = random.nextInt(5) == 0;
                trees.add(tree(random, random.nextInt(chain ? Forest.MAX_DEPTH + 1 : 300), chain));
            }
            check(random, trees, random.nextInt(1, 4));
        }
    }

    @Test
    void suits_deepRaggedTrees_areNotPadded() {
        assertThat(CompleteBundle.suits(6, 8)).isTrue();
        assertThat(CompleteBundle.suits(10, 8 * 256)).isTrue();
        assertThat(CompleteBundle.suits(10, 8 * 255)).isFalse();
        assertThat(CompleteBundle.suits(13, 8 << 13)).isFalse();
    }

    @Test
    void margins_noTree_areTheStart() {
        check(new SplittableRandom(2), List.of(), 2);
    }
}
