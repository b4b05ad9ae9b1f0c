package io.scorecast.engine.model.forest;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The arrays of one tree as they stand in the file. Nothing of it goes on, to us or to XGBoost, before it is checked. */
final class RawTree {

    /** XGBoost holds a bit for each category up to the greatest. */
    private static final int MAX_CATEGORY = 1 << 24;

    int @Nullable [] left;
    int @Nullable [] right;
    /** Nobody needs them to evaluate, but XGBoost follows them; empty if the file has none, which it refuses itself. */
    int[] parents = new int[0];

    int @Nullable [] features;
    float @Nullable [] values;
    int @Nullable [] missingLeft;
    int[] splitTypes = new int[0];
    int[] categories = new int[0];
    int[] categoryNodes = new int[0];
    int[] categoryStarts = new int[0];
    int[] categorySizes = new int[0];
    float[] lossChanges = new float[0];
    float[] hessians = new float[0];
    /** Of every node; a vector each where leaves are vectors. */
    float[] weights = new float[0];
    /** Since 3.2, vectors of the leaves only, in the order that a leaf's right child says. */
    float[] leafWeights = new float[0];

    int leafWidth = 1;
    /** Its place among the trees; -1 if the file does not say. */
    int id = -1;

    boolean categorical() {
        for (int type : splitTypes) {
            if (type != 0) {
                return true;
            }
        }
        return false;
    }

    boolean vector() {
        return leafWidth > 1;
    }

    /** The tree, or where leaves are vectors a tree for each of their numbers, which share their splits. */
    List<Tree> checked(int width, int groups) throws MalformedModel {
        int[] lefts = there(left, "left_children");
        int[] rights = there(right, "right_children");
        int[] asked = there(features, "split_indices");
        int[] defaults = there(missingLeft, "default_left");
        float[] numbers = values;
        if (numbers == null) {
            throw new MalformedModel("'split_conditions' is missing");
        }
        int nodes = lefts.length;
        same(nodes, rights.length, "right_children");
        same(nodes, asked.length, "split_indices");
        same(nodes, numbers.length, "split_conditions");
        same(nodes, defaults.length, "default_left");
        if (parents.length > 0) {
            same(nodes, parents.length, "parents");
        }
        if (splitTypes.length > 0) {
            same(nodes, splitTypes.length, "split_type");
        }
        checkCategories(nodes);
        if (!vector()) {
            return List.of(Tree.of(lefts, rights, parents, asked, numbers, splitTypes, defaults, width));
        }
        if (leafWidth != groups) {
            throw new MalformedModel("leaves of " + leafWidth + " numbers for " + groups + " outputs");
        }
        List<Tree> trees = new ArrayList<>();
        for (int g = 0; g < groups; g++) {
            float[] ours = numbers.clone();
            int[] ends = rights.clone();
            for (int node = 0; node < nodes; node++) {
                if (lefts[node] == Tree.NO_CHILD) {
                    ours[node] = leaf(node, rights[node], nodes, g);
                    ends[node] = Tree.NO_CHILD;
                }
            }
            trees.add(Tree.of(lefts, ends, parents, asked, ours, splitTypes, defaults, width));
        }
        return trees;
    }

    private float leaf(int node, int right, int nodes, int group) throws MalformedModel {
        if (leafWeights.length == 0) {
            same(nodes, weights.length / leafWidth, "base_weights");
            return weights[node * leafWidth + group];
        }
        same(nodes, lossChanges.length, "loss_changes");
        same(nodes, hessians.length, "sum_hessian");
        if (right < 0 || right >= leafWeights.length / leafWidth) {
            throw new MalformedModel(
                    "node " + node + ": leaf " + right + " of " + leafWeights.length / leafWidth + " leaves (from 0)");
        }
        return leafWeights[right * leafWidth + group];
    }

    /** Each categorical split has its segment of the categories that go right. */
    private void checkCategories(int nodes) throws MalformedModel {
        if (categoryStarts.length != categoryNodes.length || categorySizes.length != categoryNodes.length) {
            throw new MalformedModel(
                    "'categories_nodes' has " + categoryNodes.length + " splits, 'categories_segments' "
                            + categoryStarts.length + " and 'categories_sizes' " + categorySizes.length);
        }
        int before = -1;
        int next = 0;
        for (int i = 0; i < categoryNodes.length; i++) {
            int node = categoryNodes[i];
            if (node <= before || node >= nodes || node >= splitTypes.length || splitTypes[node] == 0) {
                throw new MalformedModel("categories_nodes[" + i + "]: node " + node + " of " + nodes
                        + " is no categorical split, or out of order");
            }
            before = node;
            if (categoryStarts[i] != next
                    || categorySizes[i] < 0
                    || categorySizes[i] > categories.length - categoryStarts[i]) {
                throw new MalformedModel("categories_segments[" + i + "]: " + categorySizes[i] + " categories from "
                        + categoryStarts[i] + " on, of " + categories.length);
            }
            next += categorySizes[i];
        }
        int splits = 0;
        for (int type : splitTypes) {
            splits += type == 0 ? 0 : 1;
        }
        if (splits != categoryNodes.length || next != categories.length) {
            throw new MalformedModel(
                    "'split_type' has " + splits + " categorical splits, 'categories_nodes' " + categoryNodes.length);
        }
        for (int category : categories) {
            if (category < 0 || category >= MAX_CATEGORY) {
                throw new MalformedModel("the category " + category + " is out of range");
            }
        }
    }

    private static int[] there(int @Nullable [] array, String name) throws MalformedModel {
        if (array == null) {
            throw new MalformedModel("'" + name + "' is missing");
        }
        return array;
    }

    private static void same(int nodes, int length, String name) throws MalformedModel {
        if (length != nodes) {
            throw new MalformedModel("'left_children' has " + nodes + " nodes, '" + name + "' has " + length);
        }
    }
}
