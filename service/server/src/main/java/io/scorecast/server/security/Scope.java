package io.scorecast.server.security;

import io.scorecast.engine.problem.Nearest;
import java.util.Arrays;
import java.util.List;

/** What a key may be for. */
public enum Scope {
    SCORES_READ("scores:read"),
    EVENTS_WRITE("events:write"),
    AUDIENCES("audiences"),
    MODELS("models"),
    /** Access to what is held of a customer, and erasure. */
    CUSTOMERS("customers"),
    /** Everything. */
    ADMIN("admin");

    private static final List<String> NAMES =
            Arrays.stream(values()).map(Scope::text).toList();

    private final String text;

    Scope(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /**
     * The scope of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Scope of(String text) {
        for (Scope scope : values()) {
            if (scope.text.equals(text)) {
                return scope;
            }
        }
        throw new IllegalArgumentException(Nearest.message("scope", text, NAMES));
    }

    /** The names of all, in their order. */
    public static List<String> names() {
        return NAMES;
    }
}
