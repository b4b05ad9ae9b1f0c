package io.scorecast.engine.expression;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Functions of numbers; {@code ln} is also {@code log}. NaN, as for a missing operand, where one is not defined. */
enum MathFunction {
    ABS(1),
    LN(1),
    LOG1P(1),
    EXP(1),
    SQRT(1),
    FLOOR(1),
    CEIL(1),
    ROUND(1),
    POW(2),
    MIN(2),
    MAX(2);

    private final int operands;

    MathFunction(int operands) {
        this.operands = operands;
    }

    static @Nullable MathFunction named(String name) {
        for (MathFunction function : values()) {
            if (function.name().toLowerCase(Locale.ROOT).equals(name)) {
                return function;
            }
        }
        return name.equals("log") ? LN : null;
    }

    /** How many operands it takes. */
    int operands() {
        return operands;
    }

    double of(double x) {
        return switch (this) {
            case ABS -> Math.abs(x);
            case LN -> Math.log(x);
            case LOG1P -> Math.log1p(x);
            case EXP -> Math.exp(x);
            case SQRT -> Math.sqrt(x);
            case FLOOR -> Math.floor(x);
            case CEIL -> Math.ceil(x);
            // Half away from zero, as CEL's math.round.
            case ROUND -> Math.copySign(Math.floor(Math.abs(x) + 0.5), x);
            default -> throw new IllegalStateException(this + " takes two operands");
        };
    }

    double of(double x, double y) {
        return switch (this) {
            case POW -> Double.isNaN(x) ? Double.NaN : Math.pow(x, y);
            case MIN -> Math.min(x, y);
            case MAX -> Math.max(x, y);
            default -> throw new IllegalStateException(this + " takes one operand");
        };
    }
}
