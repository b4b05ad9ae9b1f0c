package io.scorecast.engine.model;

import io.scorecast.engine.feature.Durations;
import io.scorecast.engine.problem.YamlNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what is to be done to a recommended list. */
public final class RecommendationReader {

    /** The keys; each may be absent. */
    public static final List<String> KEYS = List.of("boost", "exclude", "exclude_bought_within", "most_per_category");

    private static final int DEEPEST = 50;
    private static final int MOST_ITEMS = 1000;

    private RecommendationReader() {}

    /** Reads the keys of a mapping. */
    public static Recommendation read(YamlNode item) {
        YamlNode exclude = item.get("exclude");
        return new Recommendation(
                boosts(item.get("boost")),
                exclude == null ? List.of() : words(exclude),
                Durations.read(item.get("exclude_bought_within"), 0),
                diversity(item.get("most_per_category")));
    }

    private static List<Recommendation.Boost> boosts(@Nullable YamlNode node) {
        List<Recommendation.Boost> boosts = new ArrayList<>();
        if (node == null) {
            return boosts;
        }
        if (!node.isList() && !node.isMapping()) {
            node.problem("expected {category: …, by: …} or a list of them, found " + node.found());
            return boosts;
        }
        if (node.isList() && node.items().isEmpty()) {
            node.problem("the list is empty; leave it out");
        }
        for (YamlNode item : node.isList() ? node.items() : List.of(node)) {
            item.expectKeys(List.of("category", "by"));
            YamlNode category = item.require("category");
            YamlNode by = item.require("by");
            double factor = by == null ? Double.NaN : by.number();
            if (by != null && factor <= 0) {
                by.problem("a boost multiplies scores by a positive number, found " + by.found()
                        + "; to leave items out use exclude");
            }
            boosts.add(new Recommendation.Boost(category == null ? "" : word(category), factor));
        }
        return boosts;
    }

    private static Recommendation.@Nullable Diversity diversity(@Nullable YamlNode node) {
        if (node == null) {
            return null;
        }
        node.expectKeys(List.of("level", "most"));
        YamlNode level = node.require("level");
        YamlNode most = node.require("most");
        return new Recommendation.Diversity(
                level == null ? 1 : level.integer(1, DEEPEST), most == null ? 1 : most.integer(1, MOST_ITEMS));
    }

    private static List<String> words(YamlNode list) {
        List<String> words = new ArrayList<>();
        for (YamlNode item : list.items()) {
            words.add(word(item));
        }
        if (list.isList() && words.isEmpty()) {
            list.problem("the list is empty; leave it out");
        }
        return words;
    }

    /** A path as events spell it; one that ends in a slash would match nothing. */
    private static String word(YamlNode node) {
        String word = node.text();
        if (node.isScalar() && !node.isNull() && (word.isBlank() || word.startsWith("/") || word.endsWith("/"))) {
            node.problem("expected a category path such as grocery/dairy, found " + node.found());
        }
        return word;
    }
}
