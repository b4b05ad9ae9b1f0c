package io.scorecast.engine.policy;

import io.scorecast.engine.expression.Condition;
import io.scorecast.engine.expression.Expressions;
import io.scorecast.engine.expression.Scope;
import io.scorecast.engine.problem.YamlNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what all sections have: items with names, and conditions. */
final class RuleText {

    private RuleText() {}

    /** The items of a list that are mappings, with the known keys; none where the list is absent. */
    static List<YamlNode> items(@Nullable YamlNode list, List<String> keys) {
        if (list == null) {
            return List.of();
        }
        List<YamlNode> items = list.items();
        items.forEach(item -> item.expectKeys(keys));
        return items.stream().filter(YamlNode::isMapping).toList();
    }

    /**
     * An item's name; null, with a problem, if it is none or was given before.
     *
     * @param what the item is called in messages
     * @param seen the names before, with their places
     */
    static @Nullable String name(YamlNode item, String what, Pattern pattern, Map<String, YamlNode> seen) {
        YamlNode node = item.require("name");
        if (node == null) {
            return null;
        }
        String name = node.text();
        if (!pattern.matcher(name).matches()) {
            if (node.isScalar() && !node.isNull()) {
                node.problem("a " + what + "'s name matches " + pattern + ", found " + node.found());
            }
            return null;
        }
        YamlNode other = seen.putIfAbsent(name, node);
        if (other != null) {
            node.problem("the " + what + " '" + name + "' is already defined in line " + other.line());
            return null;
        }
        return name;
    }

    /** Compiles a rule; null, with problems, if it is wrong or can never hold. */
    static @Nullable Condition condition(YamlNode when, Scope scope) {
        Condition condition = Expressions.condition(when, scope);
        if (condition != null && condition.neverHolds()) {
            when.problem("this rule can never hold: " + when.found());
            return null;
        }
        return condition;
    }
}
