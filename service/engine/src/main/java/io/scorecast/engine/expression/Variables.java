package io.scorecast.engine.expression;

import io.scorecast.engine.profile.Truth;
import org.jspecify.annotations.Nullable;

/**
 * Values of an expression's variables, by the slot that the compiler's scope gave to each. An expression asks only by
 * the type that its text implies, and only for the slots that it names.
 */
public interface Variables {

    /** NaN if missing. */
    double number(int slot);

    /** Null if missing. */
    @Nullable
    String text(int slot);

    Truth truth(int slot);

    /** Whether a list variable ({@code segments}) holds a string. */
    default boolean contains(int slot, String word) {
        return false;
    }

    /** How fast a number grows with time alone, per day: 1 for {@code days_since_…}, 0 for what only events change. */
    default double slope(int slot) {
        return 0;
    }
}
