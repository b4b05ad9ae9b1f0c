package io.scorecast.engine.model.forest;

import java.util.Arrays;

/**
 * Trees that are too deep or too ragged to be padded: each split says where its left child stands, the right one is its
 * neighbour. A leaf is its own right child, so walks that arrive early tread on the spot.
 */
final class LinkedBundle implements Bundle {

    private final int depth;
    private final int[] roots = new int[TREES];
    private final long[] splits;
    private final int[] lefts;
    private final float[] values;

    LinkedBundle(Tree[] trees, int depth, int width) {
        this.depth = depth;
        int nodes = 0;
        for (Tree tree : trees) {
            nodes += 2 * tree.leaves() - 1;
        }
        this.splits = new long[nodes];
        this.lefts = new int[nodes];
        this.values = new float[nodes];
        Arrays.fill(splits, Encoding.always());
        int next = 0;
        for (int k = 0; k < TREES; k++) {
            roots[k] = next;
            next = lay(trees[k], next, width);
        }
    }

    /** Level by level, so that neighbours of the root share cache lines; returns where the tree ends. */
    private int lay(Tree tree, int root, int width) {
        int[] nodes = new int[2 * tree.leaves() - 1];
        int next = 1;
        for (int i = 0; i < next; i++) {
            int node = nodes[i];
            if (tree.isLeaf(node)) {
                lefts[root + i] = root + i - 1;
                values[root + i] = tree.value(node);
            } else {
                splits[root + i] = Encoding.split(tree, node, width);
                lefts[root + i] = root + next;
                nodes[next++] = tree.left(node);
                nodes[next++] = tree.right(node);
            }
        }
        return root + next;
    }

    @Override
    public void add(int[] encoded, int rows, int stride, float[] sums, int first, int step) {
        int sum = first;
        for (int at = 0; at < rows * stride; at += stride, sum += step) {
            int a = roots[0];
            int b = roots[1];
            int c = roots[2];
            int d = roots[3];
            int e = roots[4];
            int f = roots[5];
            int g = roots[6];
            int h = roots[7];
            for (int level = 0; level < depth; level++) {
                a = lefts[a] + 1 + Encoding.below(encoded, at, splits[a]);
                b = lefts[b] + 1 + Encoding.below(encoded, at, splits[b]);
                c = lefts[c] + 1 + Encoding.below(encoded, at, splits[c]);
                d = lefts[d] + 1 + Encoding.below(encoded, at, splits[d]);
                e = lefts[e] + 1 + Encoding.below(encoded, at, splits[e]);
                f = lefts[f] + 1 + Encoding.below(encoded, at, splits[f]);
                g = lefts[g] + 1 + Encoding.below(encoded, at, splits[g]);
                h = lefts[h] + 1 + Encoding.below(encoded, at, splits[h]);
            }
            sums[sum] = sums[sum] + values[a] + values[b] + values[c] + values[d] + values[e] + values[f] + values[g]
                    + values[h];
        }
    }
}
