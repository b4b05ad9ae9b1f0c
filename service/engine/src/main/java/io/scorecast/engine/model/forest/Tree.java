package io.scorecast.engine.model.forest;

import java.util.Arrays;

/**
 * One tree as the file holds it, checked: every child exists, no node is reached twice, so a walk from node 0 ends at a
 * leaf after at most {@code depth} steps. Nodes that pruning has cut off may be left among the others.
 */
final class Tree {

    /** A leaf's children. */
    static final int NO_CHILD = -1;

    private final int[] left;
    private final int[] right;
    private final int[] features;
    private final float[] values;
    private final int[] missingLeft;
    private final int depth;
    private final int leaves;

    private Tree(int[] left, int[] right, int[] features, float[] values, int[] missingLeft, int depth, int leaves) {
        this.left = left;
        this.right = right;
        this.features = features;
        this.values = values;
        this.missingLeft = missingLeft;
        this.depth = depth;
        this.leaves = leaves;
    }

    /**
     * Checks the arrays of a tree, one element per node.
     *
     * @param parents may be empty
     * @param values threshold of a split, value of a leaf
     * @param splitTypes 1 where a split asks for a category; may be empty
     * @param missingLeft 1 where a missing number goes left
     * @param width how many features there are
     */
    static Tree of(
            int[] left,
            int[] right,
            int[] parents,
            int[] features,
            float[] values,
            int[] splitTypes,
            int[] missingLeft,
            int width)
            throws MalformedModel {
        int nodes = left.length;
        if (nodes == 0) {
            throw new MalformedModel("it has no node");
        }
        // Nodes in the order of a walk level by level; the walk visits each at most once, or the tree is none.
        int[] order = new int[nodes];
        boolean[] seen = new boolean[nodes];
        int reached = 1;
        int levelEnd = 1;
        int depth = 0;
        int leaves = 0;
        seen[0] = true;
        for (int at = 0; at < reached; at++) {
            if (at == levelEnd) {
                depth++;
                levelEnd = reached;
            }
            int node = order[at];
            if (left[node] == NO_CHILD && right[node] == NO_CHILD) {
                leaves++;
                if (!Float.isFinite(values[node])) {
                    throw new MalformedModel("node " + node + ": a leaf of " + values[node]);
                }
                continue;
            }
            if (features[node] < 0 || features[node] >= width) {
                throw new MalformedModel(
                        "node " + node + ": it asks for feature " + features[node] + " of " + width + " (from 0)");
            }
            if (Float.isNaN(values[node]) && (splitTypes.length == 0 || splitTypes[node] == 0)) {
                throw new MalformedModel("node " + node + ": its threshold is not a number");
            }
            for (int child : new int[] {left[node], right[node]}) {
                if (child < 0 || child >= nodes) {
                    throw new MalformedModel("node " + node + ": child " + child + " of " + nodes + " nodes (from 0)");
                }
                if (seen[child]) {
                    throw new MalformedModel("node " + node + ": its child " + child + " is reached twice");
                }
                if (parents.length > 0 && parents[child] != node) {
                    throw new MalformedModel(
                            "node " + child + ": its parent is " + node + ", 'parents' says " + parents[child]);
                }
                seen[child] = true;
                order[reached++] = child;
            }
        }
        for (int node = 0; node < nodes; node++) {
            // XGBoost walks over what pruning has cut off, too.
            if (!seen[node]
                    && !(within(left[node], nodes)
                            && within(right[node], nodes)
                            && (parents.length == 0 || within(parents[node], nodes)))) {
                throw new MalformedModel(
                        "node " + node + ", which is not reached, leads out of the " + nodes + " nodes");
            }
        }
        if (parents.length > 0 && !within(parents[0], 0)) {
            throw new MalformedModel("node 0: the root's parent is " + parents[0]);
        }
        return new Tree(left, right, features, values, missingLeft, depth, leaves);
    }

    /** Whether it is a node, or one of the two words for none. */
    private static boolean within(int node, int nodes) {
        return (node >= NO_CHILD && node < nodes) || node == Integer.MAX_VALUE;
    }

    /** A tree of one leaf. */
    static Tree leaf(float value) {
        int[] none = {NO_CHILD};
        return new Tree(none, none, new int[1], new float[] {value}, new int[1], 0, 1);
    }

    /** The same tree with each leaf multiplied. */
    Tree times(float weight) {
        float[] weighted = Arrays.copyOf(values, values.length);
        for (int node = 0; node < weighted.length; node++) {
            if (isLeaf(node)) {
                weighted[node] *= weight;
            }
        }
        return new Tree(left, right, features, weighted, missingLeft, depth, leaves);
    }

    int nodes() {
        return left.length;
    }

    /** Splits on the longest way from the root to a leaf. */
    int depth() {
        return depth;
    }

    int leaves() {
        return leaves;
    }

    boolean isLeaf(int node) {
        return left[node] == NO_CHILD;
    }

    int left(int node) {
        return left[node];
    }

    int right(int node) {
        return right[node];
    }

    int feature(int node) {
        return features[node];
    }

    /** Threshold of a split (a number below it goes left), value of a leaf. */
    float value(int node) {
        return values[node];
    }

    boolean missingLeft(int node) {
        return missingLeft[node] != 0;
    }
}
