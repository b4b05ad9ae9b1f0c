package io.scorecast.engine.expression;

import org.jspecify.annotations.Nullable;

/** Tests of a text against another. */
enum TextTest {
    STARTS_WITH,
    ENDS_WITH,
    CONTAINS,
    /** A path that is the other, or below it. */
    UNDER;

    static @Nullable TextTest named(String function) {
        return switch (function) {
            case "startsWith" -> STARTS_WITH;
            case "endsWith" -> ENDS_WITH;
            case "contains" -> CONTAINS;
            case "under" -> UNDER;
            default -> null;
        };
    }

    boolean holds(String text, String other) {
        return switch (this) {
            case STARTS_WITH -> text.startsWith(other);
            case ENDS_WITH -> text.endsWith(other);
            case CONTAINS -> text.contains(other);
            case UNDER ->
                text.startsWith(other) && (text.length() == other.length() || text.charAt(other.length()) == '/');
        };
    }
}
