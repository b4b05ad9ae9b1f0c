package io.scorecast.engine.model.forest;

import java.util.Arrays;

/**
 * Trees padded to complete ones: the children of node {@code i} are {@code 2i} and {@code 2i + 1}, the root is 1, and
 * where a tree ends early, all leaves below hold its leaf. A step needs no other memory than the split itself.
 *
 * <p>The trees lie in one another: node {@code i} of tree {@code k} stands at {@code 8i + k}. So the step from a place to
 * that of a child needs to know the tree's number only, which is a constant in the code, and the roots of all eight, which
 * every row passes, fill one cache line.
 */
final class CompleteBundle implements Bundle {

    private static final int ALWAYS_DEPTH = 6;
    private static final int MAX_DEPTH = 12;
    /** Padding beyond this costs more cache than the links it saves. */
    private static final int MAX_PADDING = 4;

    private final int depth;
    /** {@code 2^depth} splits per tree, the first of each unused. */
    private final long[] splits;
    /** {@code 2^depth} per tree. */
    private final float[] leaves;

    CompleteBundle(Tree[] trees, int depth, int width) {
        this.depth = depth;
        this.splits = new long[TREES << depth];
        this.leaves = new float[TREES << depth];
        Arrays.fill(splits, Encoding.always());
        for (int k = 0; k < TREES; k++) {
            lay(trees[k], k, width);
        }
    }

    /** Whether trees of that many leaves together are worth padding. */
    static boolean suits(int depth, int leaves) {
        return depth <= ALWAYS_DEPTH || (depth <= MAX_DEPTH && (TREES << depth) <= MAX_PADDING * leaves);
    }

    private void lay(Tree tree, int k, int width) {
        int size = 1 << depth;
        // What stands at each place of the complete tree; -1 - leaf below the leaf.
        int[] nodes = new int[2 * size];
        for (int at = 1; at < size; at++) {
            int node = nodes[at];
            boolean ended = node < 0 || tree.isLeaf(node);
            int leaf = node < 0 ? node : -1 - node;
            nodes[2 * at] = ended ? leaf : tree.left(node);
            nodes[2 * at + 1] = ended ? leaf : tree.right(node);
            if (!ended) {
                splits[TREES * at + k] = Encoding.split(tree, node, width);
            }
        }
        for (int leaf = 0; leaf < size; leaf++) {
            int node = size == 1 ? 0 : nodes[size + leaf];
            leaves[TREES * leaf + k] = tree.value(node < 0 ? -1 - node : node);
        }
    }

    @Override
    public void add(int[] encoded, int rows, int stride, float[] sums, int first, int step) {
        int bottom = TREES << depth;
        int sum = first;
        for (int at = 0; at < rows * stride; at += stride, sum += step) {
            int a = TREES;
            int b = TREES + 1;
            int c = TREES + 2;
            int d = TREES + 3;
            int e = TREES + 4;
            int f = TREES + 5;
            int g = TREES + 6;
            int h = TREES + 7;
            for (int level = 0; level < depth; level++) {
                a = 2 * a + 8 + 8 * Encoding.below(encoded, at, splits[a]);
                b = 2 * b + 7 + 8 * Encoding.below(encoded, at, splits[b]);
                c = 2 * c + 6 + 8 * Encoding.below(encoded, at, splits[c]);
                d = 2 * d + 5 + 8 * Encoding.below(encoded, at, splits[d]);
                e = 2 * e + 4 + 8 * Encoding.below(encoded, at, splits[e]);
                f = 2 * f + 3 + 8 * Encoding.below(encoded, at, splits[f]);
                g = 2 * g + 2 + 8 * Encoding.below(encoded, at, splits[g]);
                h = 2 * h + 1 + 8 * Encoding.below(encoded, at, splits[h]);
            }
            sums[sum] = sums[sum]
                    + leaves[a - bottom]
                    + leaves[b - bottom]
                    + leaves[c - bottom]
                    + leaves[d - bottom]
                    + leaves[e - bottom]
                    + leaves[f - bottom]
                    + leaves[g - bottom]
                    + leaves[h - bottom];
        }
    }
}
