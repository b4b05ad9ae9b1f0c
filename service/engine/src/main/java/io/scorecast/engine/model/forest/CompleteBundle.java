package io.scorecast.engine.model.forest;

import java.util.Arrays;

/**
 * Trees padded to complete ones: the children of node {@code i} are {@code 2i} and {@code 2i + 1}, the root is 1, and
 * where a tree ends early, all leaves below hold its leaf. A step needs no other memory than the split itself.
 */
final class CompleteQuad implements Quad {

    private static final int ALWAYS_DEPTH = 6;
    private static final int MAX_DEPTH = 12;
    /** Padding beyond this costs more cache than the links it saves. */
    private static final int MAX_PADDING = 4;

    private final int depth;
    /** {@code 2^depth} splits per tree, the first of each unused. */
    private final long[] splits;
    /** {@code 2^depth} per tree. */
    private final float[] leaves;

    CompleteQuad(Tree[] trees, int depth, int width) {
        this.depth = depth;
        this.splits = new long[TREES << depth];
        this.leaves = new float[TREES << depth];
        Arrays.fill(splits, Encoding.always());
        for (int k = 0; k < TREES; k++) {
            lay(trees[k], k << depth, width);
        }
    }

    /** Whether trees of that many leaves together are worth padding. */
    static boolean suits(int depth, int leaves) {
        return depth <= ALWAYS_DEPTH || (depth <= MAX_DEPTH && (TREES << depth) <= MAX_PADDING * leaves);
    }

    private void lay(Tree tree, int from, int width) {
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
                splits[from + at] = Encoding.split(tree, node, width);
            }
        }
        for (int leaf = 0; leaf < size; leaf++) {
            int node = size == 1 ? 0 : nodes[size + leaf];
            leaves[from + leaf] = tree.value(node < 0 ? -1 - node : node);
        }
    }

    @Override
    public void add(int[] encoded, int rows, int stride, float[] sums, int first, int step) {
        int size = 1 << depth;
        int second = size;
        int third = 2 * size;
        int fourth = 3 * size;
        int sum = first;
        for (int at = 0; at < rows * stride; at += stride, sum += step) {
            int a = 1;
            int b = 1;
            int c = 1;
            int d = 1;
            for (int level = 0; level < depth; level++) {
                a = 2 * a + 1 - Encoding.left(encoded, at, splits[a]);
                b = 2 * b + 1 - Encoding.left(encoded, at, splits[second + b]);
                c = 2 * c + 1 - Encoding.left(encoded, at, splits[third + c]);
                d = 2 * d + 1 - Encoding.left(encoded, at, splits[fourth + d]);
            }
            sums[sum] = sums[sum] + leaves[a - size] + leaves[b] + leaves[size + c] + leaves[2 * size + d];
        }
    }
}
