package io.scorecast.engine.expression;

import com.google.re2j.Pattern;
import io.scorecast.engine.profile.Truth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A truth in an expression, three-valued. Nodes are records: two expressions that say the same are equal. */
interface ConditionNode extends Condition {

    @Override
    default double turnsIn(Variables variables) {
        return Double.POSITIVE_INFINITY;
    }

    record Constant(boolean value) implements ConditionNode {

        @Override
        public Truth test(Variables variables) {
            return Truth.of(value);
        }

        @Override
        public boolean neverHolds() {
            return !value;
        }

        @Override
        public boolean alwaysHolds() {
            return value;
        }
    }

    record Variable(int slot) implements ConditionNode {

        @Override
        public Truth test(Variables variables) {
            return variables.truth(slot);
        }
    }

    record Not(ConditionNode of) implements ConditionNode {

        @Override
        public Truth test(Variables variables) {
            return switch (of.test(variables)) {
                case YES -> Truth.NO;
                case NO -> Truth.YES;
                case MISSING -> Truth.MISSING;
            };
        }

        @Override
        public double turnsIn(Variables variables) {
            return of.turnsIn(variables);
        }

        @Override
        public boolean neverHolds() {
            return of.alwaysHolds();
        }

        @Override
        public boolean alwaysHolds() {
            // What never holds may still be missing, and then so is its negation.
            return of instanceof Constant constant && !constant.value();
        }
    }

    record And(ConditionNode left, ConditionNode right) implements ConditionNode {

        @Override
        public Truth test(Variables variables) {
            Truth a = left.test(variables);
            if (a == Truth.NO) {
                return Truth.NO;
            }
            Truth b = right.test(variables);
            return b == Truth.NO ? Truth.NO : a == Truth.YES ? b : Truth.MISSING;
        }

        @Override
        public double turnsIn(Variables variables) {
            return Math.min(left.turnsIn(variables), right.turnsIn(variables));
        }

        @Override
        public boolean neverHolds() {
            return left.neverHolds() || right.neverHolds() || Contradiction.in(this);
        }

        @Override
        public boolean alwaysHolds() {
            return left.alwaysHolds() && right.alwaysHolds();
        }
    }

    record Or(ConditionNode left, ConditionNode right) implements ConditionNode {

        @Override
        public Truth test(Variables variables) {
            Truth a = left.test(variables);
            if (a == Truth.YES) {
                return Truth.YES;
            }
            Truth b = right.test(variables);
            return b == Truth.YES ? Truth.YES : a == Truth.NO ? b : Truth.MISSING;
        }

        @Override
        public double turnsIn(Variables variables) {
            return Math.min(left.turnsIn(variables), right.turnsIn(variables));
        }

        @Override
        public boolean neverHolds() {
            return left.neverHolds() && right.neverHolds();
        }

        @Override
        public boolean alwaysHolds() {
            return left.alwaysHolds() || right.alwaysHolds();
        }
    }

    /** {@code condition ? then : otherwise}; missing where the condition is. */
    record Choice(ConditionNode condition, ConditionNode then, ConditionNode otherwise) implements ConditionNode {

        @Override
        public Truth test(Variables variables) {
            return switch (condition.test(variables)) {
                case YES -> then.test(variables);
                case NO -> otherwise.test(variables);
                case MISSING -> Truth.MISSING;
            };
        }

        @Override
        public double turnsIn(Variables variables) {
            ConditionNode chosen = condition.holds(variables) ? then : otherwise;
            return Math.min(condition.turnsIn(variables), chosen.turnsIn(variables));
        }

        @Override
        public boolean neverHolds() {
            return then.neverHolds() && otherwise.neverHolds();
        }
    }

    /** Two truths that are the same, or not. */
    record SameTruth(ConditionNode left, ConditionNode right, boolean same) implements ConditionNode {

        @Override
        public Truth test(Variables variables) {
            Truth a = left.test(variables);
            Truth b = right.test(variables);
            return a == Truth.MISSING || b == Truth.MISSING ? Truth.MISSING : Truth.of((a == b) == same);
        }

        @Override
        public double turnsIn(Variables variables) {
            return Math.min(left.turnsIn(variables), right.turnsIn(variables));
        }
    }

    /** Two numbers compared. */
    record Compared(NumberNode left, Comparison comparison, NumberNode right) implements ConditionNode {

        /** A millisecond, in days: the soonest that anything can turn. */
        private static final double SOON = 1 / 86_400_000.0;

        /** Taken off a crossing's time, so that rounding never makes it late. */
        private static final double EARLIER = 1e-9;

        @Override
        public Truth test(Variables variables) {
            double a = left.value(variables);
            double b = right.value(variables);
            return Double.isNaN(a) || Double.isNaN(b) ? Truth.MISSING : Truth.of(comparison.holds(a, b));
        }

        @Override
        public double turnsIn(Variables variables) {
            double inside = Math.min(left.turnsIn(variables), right.turnsIn(variables));
            double slope = left.slope(variables) - right.slope(variables);
            double distance = left.value(variables) - right.value(variables);
            if (slope == 0 || Double.isNaN(distance)) {
                return inside;
            }
            if (Double.isNaN(slope) || distance == 0) {
                return SOON;
            }
            double crossing = -distance / slope;
            return crossing < 0 ? inside : Math.min(inside, Math.max(SOON, crossing - EARLIER));
        }

        @Override
        public boolean neverHolds() {
            return left instanceof NumberNode.Constant a
                    && right instanceof NumberNode.Constant b
                    && !comparison.holds(a.value(), b.value());
        }

        @Override
        public boolean alwaysHolds() {
            return left instanceof NumberNode.Constant a
                    && right instanceof NumberNode.Constant b
                    && comparison.holds(a.value(), b.value());
        }
    }

    /** Whether a number is one of some. */
    record NumberIn(NumberNode number, List<Double> among) implements ConditionNode {

        @Override
        public Truth test(Variables variables) {
            double x = number.value(variables);
            if (Double.isNaN(x)) {
                return Truth.MISSING;
            }
            for (int i = 0; i < among.size(); i++) {
                if (among.get(i) == x) {
                    return Truth.YES;
                }
            }
            return Truth.NO;
        }

        @Override
        public double turnsIn(Variables variables) {
            double turns = number.turnsIn(variables);
            for (double value : among) {
                turns = Math.min(
                        turns,
                        new Compared(number, Comparison.EQUAL, new NumberNode.Constant(value)).turnsIn(variables));
            }
            return turns;
        }

        @Override
        public boolean neverHolds() {
            return among.isEmpty();
        }
    }

    /** Two texts that are the same, or not. */
    record SameText(TextNode left, TextNode right, boolean same) implements ConditionNode {

        @Override
        public Truth test(Variables variables) {
            @Nullable String a = left.value(variables);
            @Nullable String b = right.value(variables);
            return a == null || b == null ? Truth.MISSING : Truth.of(a.equals(b) == same);
        }

        @Override
        public double turnsIn(Variables variables) {
            return Math.min(left.turnsIn(variables), right.turnsIn(variables));
        }

        @Override
        public boolean neverHolds() {
            return left instanceof TextNode.Constant a
                    && right instanceof TextNode.Constant b
                    && a.value().equals(b.value()) != same;
        }
    }

    /** Whether a text is one of some. */
    record TextIn(TextNode text, List<String> among) implements ConditionNode {

        @Override
        public Truth test(Variables variables) {
            @Nullable String word = text.value(variables);
            return word == null ? Truth.MISSING : Truth.of(among.contains(word));
        }

        @Override
        public double turnsIn(Variables variables) {
            return text.turnsIn(variables);
        }

        @Override
        public boolean neverHolds() {
            return among.isEmpty();
        }
    }

    /** Whether a list variable holds a text. */
    record ListHolds(int slot, TextNode text) implements ConditionNode {

        @Override
        public Truth test(Variables variables) {
            @Nullable String word = text.value(variables);
            return word == null ? Truth.MISSING : Truth.of(variables.contains(slot, word));
        }

        @Override
        public double turnsIn(Variables variables) {
            return text.turnsIn(variables);
        }
    }

    /** A text tested against a constant one. */
    record TextTested(TextNode text, TextTest test, String against) implements ConditionNode {

        @Override
        public Truth test(Variables variables) {
            @Nullable String word = text.value(variables);
            return word == null ? Truth.MISSING : Truth.of(test.holds(word, against));
        }

        @Override
        public double turnsIn(Variables variables) {
            return text.turnsIn(variables);
        }
    }

    /** A text searched for an RE2 pattern, as CEL's {@code matches} does. */
    record Matches(TextNode text, Pattern pattern) implements ConditionNode {

        @Override
        public Truth test(Variables variables) {
            @Nullable String word = text.value(variables);
            return word == null ? Truth.MISSING : Truth.of(pattern.matcher(word).find());
        }

        @Override
        public double turnsIn(Variables variables) {
            return text.turnsIn(variables);
        }
    }

    /** Whether a number is missing. */
    record NoNumber(NumberNode number) implements ConditionNode {

        @Override
        public Truth test(Variables variables) {
            return Truth.of(Double.isNaN(number.value(variables)));
        }

        @Override
        public double turnsIn(Variables variables) {
            return number.turnsIn(variables);
        }
    }

    /** Whether a text is missing. */
    record NoText(TextNode text) implements ConditionNode {

        @Override
        public Truth test(Variables variables) {
            return Truth.of(text.value(variables) == null);
        }

        @Override
        public double turnsIn(Variables variables) {
            return text.turnsIn(variables);
        }
    }

    /** Whether a truth is missing. */
    record NoTruth(ConditionNode truth) implements ConditionNode {

        @Override
        public Truth test(Variables variables) {
            return Truth.of(truth.test(variables) == Truth.MISSING);
        }

        @Override
        public double turnsIn(Variables variables) {
            return truth.turnsIn(variables);
        }
    }

    /** Whether a variable of unknown type is missing, whatever it would be. */
    record NoValue(int slot) implements ConditionNode {

        @Override
        public Truth test(Variables variables) {
            return Truth.of(Double.isNaN(variables.number(slot))
                    && variables.text(slot) == null
                    && variables.truth(slot) == Truth.MISSING);
        }
    }
}
