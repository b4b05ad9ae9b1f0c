package io.scorecast.engine.policy;

import java.util.List;

/**
 * One rule of {@code recommend}, without its condition.
 *
 * @param boost category paths with the factor on the scores of the items below them
 * @param exclude ids or category paths
 * @param excludeBoughtWithin milliseconds before the instant; 0 for none
 */
public record Recommendation(List<Boost> boost, List<String> exclude, long excludeBoughtWithin) {

    public Recommendation {
        boost = List.copyOf(boost);
        exclude = List.copyOf(exclude);
    }

    /** A factor on the scores of the items whose category is {@code category} or below it. */
    public record Boost(String category, double by) {}
}
