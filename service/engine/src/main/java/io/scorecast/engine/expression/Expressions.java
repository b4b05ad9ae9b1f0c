package io.scorecast.engine.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelStandardMacro;
import io.scorecast.engine.problem.YamlNode;
import org.jspecify.annotations.Nullable;

/** Compiles the text of a YAML scalar in a scope. What is wrong is reported at its place, down to the character. */
public final class Expressions {

    private static final int LONGEST = 10_000;

    private static final CelParser PARSER = CelParserFactory.standardCelParserBuilder()
            .setStandardMacros(CelStandardMacro.HAS)
            .build();

    private Expressions() {}

    /** A boolean expression; null, with problems, if it is wrong. */
    public static @Nullable Condition condition(YamlNode text, Scope scope) {
        CelAbstractSyntaxTree tree = parse(text);
        return tree == null ? null : new Compiler(text, tree, scope).condition();
    }

    /** A numeric expression; null, with problems, if it is wrong. */
    public static @Nullable NumberExpression number(YamlNode text, Scope scope) {
        CelAbstractSyntaxTree tree = parse(text);
        return tree == null ? null : new Compiler(text, tree, scope).number();
    }

    /** A condition that holds where both do. */
    public static Condition both(Condition first, Condition second) {
        return new ConditionNode.And(node(first), node(second));
    }

    /** Whether a condition holds only where another does, as far as their parts show: {@code a && b} and {@code a}. */
    public static boolean implies(Condition condition, Condition other) {
        return Contradiction.parts(node(condition)).containsAll(Contradiction.parts(node(other)));
    }

    private static ConditionNode node(Condition condition) {
        if (condition instanceof ConditionNode node) {
            return node;
        }
        throw new IllegalArgumentException("not compiled here: " + condition);
    }

    private static @Nullable CelAbstractSyntaxTree parse(YamlNode node) {
        if (!node.isScalar() || node.isNull() || node.text().isBlank()) {
            node.problem("expected an expression, found " + node.found());
            return null;
        }
        String text = node.text();
        if (text.length() > LONGEST) {
            node.problem("an expression has at most " + LONGEST + " characters, this one " + text.length());
            return null;
        }
        CelValidationResult result = PARSER.parse(text);
        for (CelIssue issue : result.getErrors()) {
            node.problem(
                    "this is no CEL expression: " + issue.getMessage(),
                    offset(
                            text,
                            issue.getSourceLocation().getLine(),
                            issue.getSourceLocation().getColumn()));
        }
        if (result.hasError()) {
            return null;
        }
        try {
            return result.getAst();
        } catch (CelValidationException e) {
            node.problem("this is no CEL expression: " + e.getMessage());
            return null;
        }
    }

    /** @param line from 1; 0 or less where the parser knows none */
    private static int offset(String text, int line, int column) {
        int offset = 0;
        for (int l = 1; l < line; l++) {
            int end = text.indexOf('\n', offset);
            if (end < 0) {
                break;
            }
            offset = end + 1;
        }
        return text.codePointCount(0, offset) + Math.max(0, column);
    }
}
