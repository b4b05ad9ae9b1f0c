package io.scorecast.engine.model.forest;

import org.jspecify.annotations.Nullable;

/** The arrays of one tree as they stand in the file. */
final class RawTree {

    int @Nullable [] left;
    int @Nullable [] right;
    int @Nullable [] features;
    float @Nullable [] values;
    int @Nullable [] missingLeft;
    int[] splitTypes = new int[0];
    int leafWidth = 1;

    boolean categorical() {
        for (int type : splitTypes) {
            if (type != 0) {
                return true;
            }
        }
        return false;
    }

    Tree checked(int width) throws MalformedModel {
        int[] lefts = there(left, "left_children");
        int[] rights = there(right, "right_children");
        int[] asked = there(features, "split_indices");
        int[] defaults = there(missingLeft, "default_left");
        float[] numbers = values;
        if (numbers == null) {
            throw new MalformedModel("'split_conditions' is missing");
        }
        same(lefts, rights.length, "right_children");
        same(lefts, asked.length, "split_indices");
        same(lefts, numbers.length, "split_conditions");
        same(lefts, defaults.length, "default_left");
        return Tree.of(lefts, rights, asked, numbers, defaults, width);
    }

    private static int[] there(int @Nullable [] array, String name) throws MalformedModel {
        if (array == null) {
            throw new MalformedModel("'" + name + "' is missing");
        }
        return array;
    }

    private static void same(int[] lefts, int length, String name) throws MalformedModel {
        if (length != lefts.length) {
            throw new MalformedModel("'left_children' has " + lefts.length + " nodes, '" + name + "' has " + length);
        }
    }
}
