package io.scorecast.engine.expression;

/** A numeric expression, planned. Immutable and shared by threads. */
public interface NumberExpression {

    /** The value; NaN if an operand is missing or the result is not finite. */
    double value(Variables variables);
}
