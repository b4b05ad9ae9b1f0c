package io.scorecast.engine.expression;

/** A number in an expression. Nodes are records: two expressions that say the same are equal. */
interface NumberNode extends NumberExpression {

    /** How fast it grows with time alone, per day; NaN if not at a constant rate. */
    double slope(Variables variables);

    /** Days until time alone may change the slope or make the value jump; infinite if it cannot. */
    default double turnsIn(Variables variables) {
        return Double.POSITIVE_INFINITY;
    }

    static double finite(double value) {
        return Double.isFinite(value) ? value : Double.NaN;
    }

    record Constant(double value) implements NumberNode {

        @Override
        public double value(Variables variables) {
            return value;
        }

        @Override
        public double slope(Variables variables) {
            return 0;
        }
    }

    record Variable(int slot) implements NumberNode {

        @Override
        public double value(Variables variables) {
            return variables.number(slot);
        }

        @Override
        public double slope(Variables variables) {
            return variables.slope(slot);
        }
    }

    record Negated(NumberNode of) implements NumberNode {

        @Override
        public double value(Variables variables) {
            return -of.value(variables);
        }

        @Override
        public double slope(Variables variables) {
            return -of.slope(variables);
        }

        @Override
        public double turnsIn(Variables variables) {
            return of.turnsIn(variables);
        }
    }

    /** Addition, subtraction, multiplication, division, remainder. */
    record Arithmetic(char operator, NumberNode left, NumberNode right) implements NumberNode {

        @Override
        public double value(Variables variables) {
            double a = left.value(variables);
            double b = right.value(variables);
            return finite(
                    switch (operator) {
                        case '+' -> a + b;
                        case '-' -> a - b;
                        case '*' -> a * b;
                        case '/' -> a / b;
                        default -> a % b;
                    });
        }

        @Override
        public double slope(Variables variables) {
            double a = left.slope(variables);
            double b = right.slope(variables);
            return switch (operator) {
                case '+' -> a + b;
                case '-' -> a - b;
                case '*' -> a == 0 ? scaled(b, left, variables) : b == 0 ? scaled(a, right, variables) : Double.NaN;
                case '/' -> a == 0 && b == 0 ? 0 : b == 0 ? a / right.value(variables) : Double.NaN;
                default -> a == 0 && b == 0 ? 0 : Double.NaN;
            };
        }

        private static double scaled(double slope, NumberNode by, Variables variables) {
            return slope == 0 ? 0 : slope * by.value(variables);
        }

        @Override
        public double turnsIn(Variables variables) {
            return Math.min(left.turnsIn(variables), right.turnsIn(variables));
        }
    }

    /** A function of one number. */
    record Applied(MathFunction function, NumberNode of) implements NumberNode {

        @Override
        public double value(Variables variables) {
            return finite(function.of(of.value(variables)));
        }

        @Override
        public double slope(Variables variables) {
            return of.slope(variables) == 0 ? 0 : Double.NaN;
        }

        @Override
        public double turnsIn(Variables variables) {
            return of.turnsIn(variables);
        }
    }

    /** A function of two numbers. */
    record Applied2(MathFunction function, NumberNode first, NumberNode second) implements NumberNode {

        @Override
        public double value(Variables variables) {
            return finite(function.of(first.value(variables), second.value(variables)));
        }

        @Override
        public double slope(Variables variables) {
            return first.slope(variables) == 0 && second.slope(variables) == 0 ? 0 : Double.NaN;
        }

        @Override
        public double turnsIn(Variables variables) {
            return Math.min(first.turnsIn(variables), second.turnsIn(variables));
        }
    }

    /** {@code condition ? then : otherwise}; missing where the condition is. */
    record Choice(Condition condition, NumberNode then, NumberNode otherwise) implements NumberNode {

        @Override
        public double value(Variables variables) {
            return switch (condition.test(variables)) {
                case YES -> then.value(variables);
                case NO -> otherwise.value(variables);
                case MISSING -> Double.NaN;
            };
        }

        @Override
        public double slope(Variables variables) {
            return condition.holds(variables) ? then.slope(variables) : otherwise.slope(variables);
        }

        @Override
        public double turnsIn(Variables variables) {
            NumberNode chosen = condition.holds(variables) ? then : otherwise;
            return Math.min(condition.turnsIn(variables), chosen.turnsIn(variables));
        }
    }
}
