package io.scorecast.engine.policy;

import io.scorecast.engine.expression.Condition;
import io.scorecast.engine.expression.Scope;
import io.scorecast.engine.problem.YamlNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code scores}. */
final class PointsReader {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    private final Names names;
    private final FieldNames fields;

    PointsReader(Names names, FieldNames fields) {
        this.names = names;
        this.fields = fields;
    }

    /** Reads the scores, and then adds their names to those that rules know. */
    List<Rules.Points> read(@Nullable YamlNode list) {
        Scope scope = names.scope(List.of());
        List<Rules.Points> scores = new ArrayList<>();
        Map<String, YamlNode> seen = new HashMap<>();
        for (YamlNode item : RuleText.items(list, List.of("name", "points"))) {
            String name = RuleText.name(item, "score", NAME, seen);
            List<Rules.Point> parts = parts(item, scope);
            YamlNode place = seen.get(name);
            if (name != null && place != null && fields.claim(name, "the score '" + name + "'", place)) {
                scores.add(new Rules.Points(name, names.addPoints(name, place), parts));
            }
        }
        return scores;
    }

    private static List<Rules.Point> parts(YamlNode score, Scope scope) {
        List<Rules.Point> parts = new ArrayList<>();
        YamlNode list = score.require("points");
        for (YamlNode item : RuleText.items(list, List.of("when", "add"))) {
            YamlNode when = item.require("when");
            YamlNode add = item.require("add");
            Condition condition = when == null ? null : RuleText.condition(when, scope);
            double number = add == null ? Double.NaN : add.number();
            if (condition != null && when != null) {
                parts.add(new Rules.Point(condition, number, when.text()));
            }
        }
        if (list != null && list.isList() && list.items().isEmpty()) {
            list.problem("a score needs at least one rule that adds points");
        }
        return parts;
    }
}
