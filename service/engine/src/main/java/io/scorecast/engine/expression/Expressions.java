package io.scorecast.engine.expression;

import io.scorecast.engine.problem.YamlNode;
import org.jspecify.annotations.Nullable;

/** Compiles the text of a YAML scalar in a scope. What is wrong is reported at its place, down to the character. */
public final class Expressions {

    private Expressions() {}

    /** A boolean expression; null, with problems, if it is wrong. */
    @SuppressWarnings("DoNotCallSuggester")
    public static @Nullable Condition condition(YamlNode text, Scope scope) {
        throw new UnsupportedOperationException();
    }

    /** A numeric expression; null, with problems, if it is wrong. */
    @SuppressWarnings("DoNotCallSuggester")
    public static @Nullable NumberExpression number(YamlNode text, Scope scope) {
        throw new UnsupportedOperationException();
    }
}
