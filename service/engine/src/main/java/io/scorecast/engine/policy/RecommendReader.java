package io.scorecast.engine.policy;

import io.scorecast.engine.expression.Condition;
import io.scorecast.engine.expression.Scope;
import io.scorecast.engine.model.Recommendation;
import io.scorecast.engine.model.RecommendationReader;
import io.scorecast.engine.problem.YamlNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code recommend}. */
final class RecommendReader {

    private static final List<String> KEYS = keys();

    private RecommendReader() {}

    private static List<String> keys() {
        List<String> keys = new ArrayList<>(List.of("when"));
        keys.addAll(RecommendationReader.KEYS);
        return List.copyOf(keys);
    }

    static List<Rules.Recommend> read(@Nullable YamlNode list, Scope scope) {
        List<Rules.Recommend> rules = new ArrayList<>();
        for (YamlNode item : RuleText.items(list, KEYS)) {
            YamlNode when = item.get("when");
            Condition condition = when == null ? null : RuleText.condition(when, scope);
            if (RecommendationReader.KEYS.stream().allMatch(key -> item.get(key) == null)) {
                item.problem("a rule of recommend needs " + String.join(", ", RecommendationReader.KEYS.subList(0, 3))
                        + " or " + RecommendationReader.KEYS.getLast());
            }
            Recommendation change = RecommendationReader.read(item);
            if (when == null || condition != null) {
                rules.add(new Rules.Recommend(condition, change));
            }
        }
        return rules;
    }
}
