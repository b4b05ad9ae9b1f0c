package io.scorecast.engine.policy;

import io.scorecast.engine.expression.Condition;
import io.scorecast.engine.expression.Scope;
import io.scorecast.engine.feature.Durations;
import io.scorecast.engine.problem.YamlNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code recommend}. */
final class RecommendReader {

    private static final String WITHIN = "exclude_bought_within";
    private static final List<String> KEYS = List.of("when", "boost", "exclude", WITHIN);

    private RecommendReader() {}

    static List<Rules.Recommend> read(@Nullable YamlNode list, Scope scope) {
        List<Rules.Recommend> rules = new ArrayList<>();
        for (YamlNode item : RuleText.items(list, KEYS)) {
            YamlNode when = item.get("when");
            Condition condition = when == null ? null : RuleText.condition(when, scope);
            YamlNode exclude = item.get("exclude");
            YamlNode within = item.get(WITHIN);
            if (item.get("boost") == null && exclude == null && within == null) {
                item.problem("a rule of recommend needs boost, exclude or " + WITHIN);
            }
            Recommendation change = new Recommendation(
                    boosts(item.get("boost")), exclude == null ? List.of() : words(exclude), Durations.read(within, 0));
            if (when == null || condition != null) {
                rules.add(new Rules.Recommend(condition, change));
            }
        }
        return rules;
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
