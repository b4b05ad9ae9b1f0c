package io.scorecast.engine.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks types and plans one parsed expression. The parser bounds the depth of a tree, and with it this recursion. A
 * mistake is reported once, where it is, and then taken for whatever is expected.
 */
final class Compiler {

    private static final Map<String, Comparison> COMPARISONS = Map.of(
            "_<_",
            Comparison.LESS,
            "_<=_",
            Comparison.AT_MOST,
            "_>_",
            Comparison.GREATER,
            "_>=_",
            Comparison.AT_LEAST,
            "_==_",
            Comparison.EQUAL,
            "_!=_",
            Comparison.NOT_EQUAL);

    private static final Map<String, Character> ARITHMETIC =
            Map.of("_+_", '+', "_-_", '-', "_*_", '*', "_/_", '/', "_%_", '%');

    private static final List<String> FUNCTIONS = List.of(
            "missing", "abs", "ln", "log", "log1p", "exp", "sqrt", "pow", "min", "max", "floor", "ceil", "round");

    private static final List<String> METHODS = List.of("under", "startsWith", "endsWith", "contains", "matches");

    private static final Operand WRONG = new Operand.Wrong();
    private static final NumberNode NO_NUMBER = new NumberNode.Constant(Double.NaN);
    private static final TextNode NO_TEXT = new TextNode.Constant("");
    private static final ConditionNode NO_TRUTH = new ConditionNode.Variable(0);

    private final YamlNode place;
    private final CelAbstractSyntaxTree tree;
    private final Scope scope;
    private final int problemsBefore;

    Compiler(YamlNode place, CelAbstractSyntaxTree tree, Scope scope) {
        this.place = place;
        this.tree = tree;
        this.scope = scope;
        problemsBefore = place.problems().size();
    }

    @Nullable
    Condition condition() {
        ConditionNode node = truth(tree.getExpr());
        return place.problems().size() > problemsBefore ? null : node;
    }

    @Nullable
    NumberExpression number() {
        NumberNode node = number(tree.getExpr());
        return place.problems().size() > problemsBefore ? null : node;
    }

    private void problem(CelExpr at, String message) {
        Integer offset = tree.getSource().getPositionsMap().get(at.id());
        place.problem(message, offset == null ? 0 : offset);
    }

    private NumberNode number(CelExpr expr) {
        return asNumber(operand(expr), expr);
    }

    private TextNode text(CelExpr expr) {
        return asText(operand(expr), expr);
    }

    private ConditionNode truth(CelExpr expr) {
        return asTruth(operand(expr), expr);
    }

    private NumberNode asNumber(Operand operand, CelExpr at) {
        return switch (operand) {
            case Operand.Numeric number -> number.node();
            case Operand.Untyped untyped -> new NumberNode.Variable(untyped.slot());
            case Operand.Wrong wrong -> NO_NUMBER;
            default -> {
                problem(at, "expected a number, found " + operand.type());
                yield NO_NUMBER;
            }
        };
    }

    private TextNode asText(Operand operand, CelExpr at) {
        return switch (operand) {
            case Operand.Text text -> text.node();
            case Operand.Untyped untyped -> new TextNode.Variable(untyped.slot());
            case Operand.Wrong wrong -> NO_TEXT;
            default -> {
                problem(at, "expected a text, found " + operand.type());
                yield NO_TEXT;
            }
        };
    }

    private ConditionNode asTruth(Operand operand, CelExpr at) {
        return switch (operand) {
            case Operand.Truth truth -> truth.node();
            case Operand.Untyped untyped -> new ConditionNode.Variable(untyped.slot());
            case Operand.Wrong wrong -> NO_TRUTH;
            default -> {
                problem(at, "expected true or false, found " + operand.type());
                yield NO_TRUTH;
            }
        };
    }

    private Operand operand(CelExpr expr) {
        return switch (expr.getKind()) {
            case CONSTANT -> constant(expr);
            case IDENT, SELECT -> variable(expr);
            case CALL -> call(expr);
            case LIST -> list(expr);
            default -> wrong(expr, "maps, messages and comprehensions cannot be used here");
        };
    }

    private Operand wrong(CelExpr at, String message) {
        problem(at, message);
        return WRONG;
    }

    private Operand constant(CelExpr expr) {
        CelConstant constant = expr.constant();
        return switch (constant.getKind()) {
            case INT64_VALUE -> new Operand.Numeric(new NumberNode.Constant(constant.int64Value()));
            case UINT64_VALUE ->
                new Operand.Numeric(
                        new NumberNode.Constant(constant.uint64Value().doubleValue()));
            case DOUBLE_VALUE -> new Operand.Numeric(new NumberNode.Constant(constant.doubleValue()));
            case STRING_VALUE -> new Operand.Text(new TextNode.Constant(constant.stringValue()));
            case BOOLEAN_VALUE -> new Operand.Truth(new ConditionNode.Constant(constant.booleanValue()));
            case NULL_VALUE -> wrong(expr, "there is no null here; use missing(x)");
            default -> wrong(expr, "expected a number, a text, true or false");
        };
    }

    private Operand list(CelExpr expr) {
        List<Double> numbers = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (CelExpr element : expr.list().elements()) {
            Operand operand = operand(element);
            if (operand instanceof Operand.Numeric(NumberNode.Constant(double value))) {
                numbers.add(value);
            } else if (operand instanceof Operand.Text(TextNode.Constant(String value))) {
                texts.add(value);
            } else if (!(operand instanceof Operand.Wrong)) {
                return wrong(element, "a list has numbers or texts written out, found " + operand.type());
            } else {
                return WRONG;
            }
        }
        if (!numbers.isEmpty() && !texts.isEmpty()) {
            return wrong(expr, "a list has only numbers or only texts");
        }
        return new Operand.Listed(List.copyOf(numbers), List.copyOf(texts));
    }

    // Names

    private Operand variable(CelExpr expr) {
        String path = path(expr);
        if (path == null) {
            return wrong(expr, "only a name can stand before a dot");
        }
        if (expr.getKind() == CelExpr.ExprKind.Kind.SELECT && expr.select().testOnly()) {
            Operand tested = named(path, expr);
            return tested instanceof Operand.Wrong
                    ? WRONG
                    : new Operand.Truth(new ConditionNode.Not(missing(tested, expr)));
        }
        return named(path, expr);
    }

    private Operand named(String path, CelExpr at) {
        Scope.Variable variable = scope.variable(path);
        if (variable != null) {
            return switch (variable.type()) {
                case NUMBER -> new Operand.Numeric(new NumberNode.Variable(variable.slot()));
                case TEXT -> new Operand.Text(new TextNode.Variable(variable.slot()));
                case TRUTH -> new Operand.Truth(new ConditionNode.Variable(variable.slot()));
                case LIST -> new Operand.Words(variable.slot());
            };
        }
        int dot = path.indexOf('.');
        if (dot > 0 && scope.isOpen(path.substring(0, dot))) {
            return new Operand.Untyped(scope.slotOf(path));
        }
        return wrong(at, Nearest.message("name", path, scope.names()));
    }

    /** The dotted path that an expression of names and dots spells; null if it is another one. */
    private static @Nullable String path(CelExpr expr) {
        return switch (expr.getKind()) {
            case IDENT -> expr.ident().name();
            case SELECT -> {
                String before = path(expr.select().operand());
                yield before == null ? null : before + "." + expr.select().field();
            }
            default -> null;
        };
    }

    // Calls

    private Operand call(CelExpr expr) {
        CelExpr.CelCall call = expr.call();
        String function = call.function();
        List<CelExpr> arguments = call.args();
        if (call.target().isPresent()) {
            CelExpr target = call.target().get();
            boolean math = target.getKind() == CelExpr.ExprKind.Kind.IDENT
                    && target.ident().name().equals("math");
            return math ? function(expr, function, arguments) : method(expr, target, function, arguments);
        }
        Comparison comparison = COMPARISONS.get(function);
        Character arithmetic = ARITHMETIC.get(function);
        if (comparison != null) {
            return new Operand.Truth(compared(expr, comparison, arguments.get(0), arguments.get(1)));
        }
        if (arithmetic != null) {
            return new Operand.Numeric(
                    new NumberNode.Arithmetic(arithmetic, number(arguments.get(0)), number(arguments.get(1))));
        }
        return switch (function) {
            case "_&&_" -> new Operand.Truth(new ConditionNode.And(truth(arguments.get(0)), truth(arguments.get(1))));
            case "_||_" -> new Operand.Truth(new ConditionNode.Or(truth(arguments.get(0)), truth(arguments.get(1))));
            case "!_" -> new Operand.Truth(new ConditionNode.Not(truth(arguments.get(0))));
            case "-_" -> negated(arguments.get(0));
            case "_?_:_" -> choice(arguments);
            case "@in" -> new Operand.Truth(in(arguments.get(0), arguments.get(1)));
            case "_[_]" -> indexed(expr, arguments);
            default -> function(expr, function, arguments);
        };
    }

    private Operand negated(CelExpr of) {
        NumberNode number = number(of);
        return new Operand.Numeric(
                number instanceof NumberNode.Constant(double value)
                        ? new NumberNode.Constant(-value)
                        : new NumberNode.Negated(number));
    }

    /** {@code attributes["a.b"]} is {@code attributes.a.b}. */
    private Operand indexed(CelExpr expr, List<CelExpr> arguments) {
        String before = path(arguments.get(0));
        CelExpr key = arguments.get(1);
        if (before != null
                && key.getKind() == CelExpr.ExprKind.Kind.CONSTANT
                && key.constant().getKind() == CelConstant.Kind.STRING_VALUE) {
            return named(before + "." + key.constant().stringValue(), expr);
        }
        return wrong(expr, "brackets take the name of an attribute, as attributes[\"loyalty.tier\"]");
    }

    private Operand function(CelExpr expr, String name, List<CelExpr> arguments) {
        if (name.equals("missing")) {
            if (arguments.size() != 1) {
                return wrong(expr, "missing(x) takes one operand, found " + arguments.size());
            }
            Operand of = operand(arguments.getFirst());
            return of instanceof Operand.Wrong ? WRONG : new Operand.Truth(missing(of, expr));
        }
        MathFunction function = MathFunction.named(name);
        if (function == null) {
            return wrong(expr, Nearest.message("function", name, FUNCTIONS));
        }
        if (arguments.size() != function.operands()) {
            return wrong(expr, name + " takes " + function.operands() + " operands, found " + arguments.size());
        }
        NumberNode first = number(arguments.getFirst());
        return new Operand.Numeric(
                function.operands() == 1
                        ? new NumberNode.Applied(function, first)
                        : new NumberNode.Applied2(function, first, number(arguments.get(1))));
    }

    private ConditionNode missing(Operand of, CelExpr at) {
        return switch (of) {
            case Operand.Numeric number -> new ConditionNode.NoNumber(number.node());
            case Operand.Text text -> new ConditionNode.NoText(text.node());
            case Operand.Truth truth -> new ConditionNode.NoTruth(truth.node());
            case Operand.Untyped untyped -> new ConditionNode.NoValue(untyped.slot());
            default -> {
                problem(at, "missing(x) takes a number, a text or a boolean, found " + of.type());
                yield NO_TRUTH;
            }
        };
    }

    private Operand method(CelExpr expr, CelExpr target, String name, List<CelExpr> arguments) {
        TextTest test = TextTest.named(name);
        if (test == null && !name.equals("matches")) {
            return wrong(expr, Nearest.message("function", name, METHODS));
        }
        TextNode text = text(target);
        if (arguments.size() != 1
                || !(operand(arguments.getFirst()) instanceof Operand.Text(TextNode.Constant(String against)))) {
            return wrong(expr, name + " takes one text in quotes");
        }
        if (test != null) {
            return new Operand.Truth(new ConditionNode.TextTested(text, test, against));
        }
        try {
            return new Operand.Truth(new ConditionNode.Matches(text, Pattern.compile(against)));
        } catch (PatternSyntaxException e) {
            return wrong(arguments.getFirst(), "this is no RE2 pattern: " + e.getMessage());
        }
    }

    private Operand choice(List<CelExpr> arguments) {
        ConditionNode condition = truth(arguments.get(0));
        Operand then = operand(arguments.get(1));
        Operand otherwise = operand(arguments.get(2));
        if (then instanceof Operand.Text || otherwise instanceof Operand.Text) {
            return new Operand.Text(new TextNode.Choice(
                    condition, asText(then, arguments.get(1)), asText(otherwise, arguments.get(2))));
        }
        if (then instanceof Operand.Truth || otherwise instanceof Operand.Truth) {
            return new Operand.Truth(new ConditionNode.Choice(
                    condition, asTruth(then, arguments.get(1)), asTruth(otherwise, arguments.get(2))));
        }
        return new Operand.Numeric(new NumberNode.Choice(
                condition, asNumber(then, arguments.get(1)), asNumber(otherwise, arguments.get(2))));
    }

    private ConditionNode compared(CelExpr expr, Comparison comparison, CelExpr left, CelExpr right) {
        Operand a = operand(left);
        Operand b = operand(right);
        boolean equality = comparison == Comparison.EQUAL || comparison == Comparison.NOT_EQUAL;
        boolean same = comparison == Comparison.EQUAL;
        if (a instanceof Operand.Wrong || b instanceof Operand.Wrong) {
            return NO_TRUTH;
        }
        if (a instanceof Operand.Untyped && b instanceof Operand.Untyped && equality) {
            problem(expr, "the type of two attributes cannot be known; compare each with a constant");
            return NO_TRUTH;
        }
        if (equality && (a instanceof Operand.Text || b instanceof Operand.Text)) {
            if (!sameType(a, b, expr)) {
                return NO_TRUTH;
            }
            TextNode first = asText(a, left);
            TextNode second = asText(b, right);
            checkWord(first, second, right);
            checkWord(second, first, left);
            return new ConditionNode.SameText(first, second, same);
        }
        if (equality && (a instanceof Operand.Truth || b instanceof Operand.Truth)) {
            return sameType(a, b, expr)
                    ? new ConditionNode.SameTruth(asTruth(a, left), asTruth(b, right), same)
                    : NO_TRUTH;
        }
        return new ConditionNode.Compared(asNumber(a, left), comparison, asNumber(b, right));
    }

    /** A comparison with a word that a variable never holds is a slip of the pen. */
    private void checkWord(TextNode variable, TextNode word, CelExpr at) {
        if (variable instanceof TextNode.Variable(int slot)) {
            checkWord(slot, word, at);
        }
    }

    private void checkWord(int slot, TextNode word, CelExpr at) {
        Scope.Words words = scope.words(slot);
        if (words != null
                && word instanceof TextNode.Constant(String text)
                && !words.known().contains(text)) {
            problem(at, Nearest.message(words.what(), text, words.known()));
        }
    }

    private boolean sameType(Operand a, Operand b, CelExpr at) {
        if (a instanceof Operand.Untyped || b instanceof Operand.Untyped || a.getClass() == b.getClass()) {
            return true;
        }
        problem(at, "cannot compare " + a.type() + " with " + b.type());
        return false;
    }

    private ConditionNode in(CelExpr element, CelExpr list) {
        Operand among = operand(list);
        return switch (among) {
            case Operand.Words words -> {
                TextNode word = text(element);
                checkWord(words.slot(), word, element);
                yield new ConditionNode.ListHolds(words.slot(), word);
            }
            case Operand.Listed listed
            when !listed.numbers().isEmpty() -> new ConditionNode.NumberIn(number(element), listed.numbers());
            case Operand.Listed listed -> {
                TextNode text = text(element);
                for (String word : listed.texts()) {
                    checkWord(text, new TextNode.Constant(word), list);
                }
                yield new ConditionNode.TextIn(text, listed.texts());
            }
            case Operand.Wrong wrong -> NO_TRUTH;
            default -> {
                problem(list, "expected a list, found " + among.type());
                yield NO_TRUTH;
            }
        };
    }
}
