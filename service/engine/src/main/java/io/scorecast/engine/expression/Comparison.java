package io.scorecast.engine.expression;

/** How two numbers are compared. */
enum Comparison {
    LESS,
    AT_MOST,
    EQUAL,
    NOT_EQUAL,
    AT_LEAST,
    GREATER;

    boolean holds(double a, double b) {
        return switch (this) {
            case LESS -> a < b;
            case AT_MOST -> a <= b;
            case EQUAL -> a == b;
            case NOT_EQUAL -> a != b;
            case AT_LEAST -> a >= b;
            case GREATER -> a > b;
        };
    }

    /** What {@code b} is to {@code a}. */
    Comparison turned() {
        return switch (this) {
            case LESS -> GREATER;
            case AT_MOST -> AT_LEAST;
            case AT_LEAST -> AT_MOST;
            case GREATER -> LESS;
            default -> this;
        };
    }
}
