package io.scorecast.engine.pair;

import io.scorecast.engine.profile.Vocabulary;
import java.util.List;
import java.util.Map;

/**
 * The items of a list and what training found out about each. Immutable; items are counted from 0.
 *
 * @param ids what events call them
 * @param categories their category paths, empty for none
 * @param facts numbers of each item, by column
 * @param neighbours of each item, other items in the order of the file
 * @param similarities to those
 */
record ItemTable(
        Vocabulary ids,
        List<String> categories,
        Map<String, float[]> facts,
        int[][] neighbours,
        float[][] similarities) {

    int size() {
        return ids.size();
    }

    /** Numbers each category that an item has at a level, from 0; -1 for items without. */
    int[] categoriesAt(int level) {
        int[] found = new int[size()];
        java.util.Map<String, Integer> numbers = new java.util.HashMap<>();
        for (int i = 0; i < found.length; i++) {
            String above = above(categories.get(i), level);
            found[i] = above.isEmpty() ? -1 : numbers.computeIfAbsent(above, path -> numbers.size());
        }
        return found;
    }

    /** The first segments of a path; empty if it has fewer. */
    private static String above(String path, int level) {
        int end = -1;
        for (int i = 0; i < level; i++) {
            if (path.isEmpty() || end == path.length()) {
                return "";
            }
            int slash = path.indexOf('/', end + 1);
            end = slash < 0 ? path.length() : slash;
        }
        return path.substring(0, end);
    }
}
