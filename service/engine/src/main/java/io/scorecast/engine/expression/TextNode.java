package io.scorecast.engine.expression;

import io.scorecast.engine.profile.Truth;
import org.jspecify.annotations.Nullable;

/** A text in an expression. */
interface TextNode {

    /** Null if missing. */
    @Nullable
    String value(Variables variables);

    /** Days until time alone may change it. */
    default double turnsIn(Variables variables) {
        return Double.POSITIVE_INFINITY;
    }

    record Constant(String value) implements TextNode {

        @Override
        public String value(Variables variables) {
            return value;
        }
    }

    record Variable(int slot) implements TextNode {

        @Override
        public @Nullable String value(Variables variables) {
            return variables.text(slot);
        }
    }

    /** {@code condition ? then : otherwise}; missing where the condition is. */
    record Choice(Condition condition, TextNode then, TextNode otherwise) implements TextNode {

        @Override
        public @Nullable String value(Variables variables) {
            Truth truth = condition.test(variables);
            return truth == Truth.MISSING ? null : (truth == Truth.YES ? then : otherwise).value(variables);
        }

        @Override
        public double turnsIn(Variables variables) {
            return condition.turnsIn(variables);
        }
    }
}
