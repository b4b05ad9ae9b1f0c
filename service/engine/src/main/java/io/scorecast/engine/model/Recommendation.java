package io.scorecast.engine.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done to a recommended list: by a version's settings, or by a rule of {@code recommend} without its condition.
 *
 * @param boost category paths with the factor on the scores of the items below them
 * @param exclude ids or category paths
 * @param excludeBoughtWithin milliseconds before the instant; 0 for none
 * @param diversity null without a limit
 */
public record Recommendation(
        List<Boost> boost,
        List<String> exclude,
        long excludeBoughtWithin,
        @Nullable Diversity diversity) {

    /** Changes nothing. */
    public static final Recommendation NONE = new Recommendation(List.of(), List.of(), 0, null);

    public Recommendation {
        boost = List.copyOf(boost);
        exclude = List.copyOf(exclude);
    }

    /** A factor on the scores of the items whose category is {@code category} or below it. */
    public record Boost(String category, double by) {

        /** A factor above 1 lifts a score, also a negative one, as rankers without a link give it. */
        public double apply(double score) {
            return score < 0 ? score / by : score * by;
        }
    }

    /**
     * At most so many items of one category.
     *
     * @param level how many segments of an item's category path are its category
     */
    public record Diversity(int level, int most) {

        /** What counts as one category: the path's first segments, or the whole of one that has fewer. */
        public String of(String path) {
            int end = path.indexOf('/');
            for (int i = 1; i < level && end >= 0; i++) {
                end = path.indexOf('/', end + 1);
            }
            return end < 0 ? path : path.substring(0, end);
        }
    }

    /** Whether it changes nothing. */
    public boolean isNone() {
        return equals(NONE);
    }

    /** Whether an item of this id and category is left out whatever the customer did. */
    public boolean excludes(String id, String category) {
        return excludes(exclude, id, category);
    }

    /** Whether one of the words is the id, the category, or above one of them. */
    public static boolean excludes(List<String> words, String id, String category) {
        for (int i = 0; i < words.size(); i++) {
            if (isUnder(id, words.get(i)) || isUnder(category, words.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a path is another or below it. */
    public static boolean isUnder(String path, String above) {
        return path.startsWith(above) && (path.length() == above.length() || path.charAt(above.length()) == '/');
    }
}
