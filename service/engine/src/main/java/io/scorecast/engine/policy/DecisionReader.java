package io.scorecast.engine.policy;

import io.scorecast.engine.expression.Condition;
import io.scorecast.engine.expression.Expressions;
import io.scorecast.engine.expression.Scope;
import io.scorecast.engine.problem.YamlNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code decisions}; refuses those that none of the customers can ever get. */
final class DecisionReader {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 _.-]*");

    private final Scope scope;
    private final List<Earlier> earlier = new ArrayList<>();

    /**
     * A decision that was read.
     *
     * @param when null if it holds always
     */
    private record Earlier(String name, int line, @Nullable Condition when) {}

    DecisionReader(Scope scope) {
        this.scope = scope;
    }

    List<Rules.Decision> read(@Nullable YamlNode list) {
        List<Rules.Decision> decisions = new ArrayList<>();
        Map<String, YamlNode> seen = new HashMap<>();
        for (YamlNode item : RuleText.items(list, List.of("name", "when"))) {
            String name = RuleText.name(item, "decision", NAME, seen);
            YamlNode rule = item.get("when");
            Condition when = rule == null ? null : RuleText.condition(rule, scope);
            boolean always = rule == null || (when != null && when.alwaysHolds());
            if (name == null || (when == null && !always)) {
                continue;
            }
            checkReached(item, name, when);
            Condition condition = always ? null : when;
            earlier.add(new Earlier(name, item.line(), condition));
            decisions.add(new Rules.Decision(name, condition, rule == null ? null : rule.text()));
        }
        return decisions;
    }

    private void checkReached(YamlNode item, String name, @Nullable Condition when) {
        for (Earlier other : earlier) {
            String why = other.when() == null
                    ? "holds always"
                    : when == null || !Expressions.implies(when, other.when())
                            ? ""
                            : Expressions.implies(other.when(), when)
                                    ? "has the same rule"
                                    : "holds wherever this one does";
            if (!why.isEmpty()) {
                item.problem("the decision '" + name + "' is never taken: '" + other.name() + "' in line "
                        + other.line() + " comes first and " + why);
                return;
            }
        }
    }
}
