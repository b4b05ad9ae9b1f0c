package io.scorecast.engine.feature;

import io.scorecast.engine.expression.Condition;
import io.scorecast.engine.expression.Expressions;
import io.scorecast.engine.expression.Scope;
import io.scorecast.engine.problem.YamlNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A condition on one event.
 *
 * @param fields by slot
 */
record Where(Condition condition, List<Field> fields) {

    private static final List<String> NUMBERS = List.of("value", "quantity");
    private static final List<String> TEXTS =
            List.of("type", "product_id", "category", "order_id", "session_id", "source");

    /** Reads a condition; null, with problems, if it is wrong. */
    static @Nullable Where read(YamlNode node) {
        Scope scope = new Scope();
        List<Field> fields = new ArrayList<>();
        for (String name : NUMBERS) {
            scope.number(name);
            fields.add(Field.of(name));
        }
        for (String name : TEXTS) {
            scope.text(name);
            fields.add(Field.of(name));
        }
        scope.open("attributes");
        Condition condition = Expressions.condition(node, scope);
        if (condition == null) {
            return null;
        }
        scope.paths().keySet().forEach(path -> fields.add(Field.of(path)));
        return new Where(condition, List.copyOf(fields));
    }
}
