package io.scorecast.engine.expression;

import io.scorecast.engine.profile.Truth;

/** A boolean expression, planned. Immutable and shared by threads. */
public interface Condition {

    Truth test(Variables variables);

    /** Whether the condition is true; a missing operand makes it not hold. */
    default boolean holds(Variables variables) {
        return test(variables) == Truth.YES;
    }

    /**
     * The earliest time, in days from now, at which time alone may change the truth of this condition: positive, never
     * late, {@link Double#POSITIVE_INFINITY} if time cannot.
     */
    double turnsIn(Variables variables);

    /** Whether no values can make it true, as far as its constants and intervals show: {@code x > 5 && x < 3}. */
    default boolean neverHolds() {
        return false;
    }

    /** Whether it is true whatever the values, missing ones too, as far as its constants show. */
    default boolean alwaysHolds() {
        return false;
    }
}
