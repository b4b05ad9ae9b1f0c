package io.scorecast.engine.event;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of an event as leaves by path: {@code {"loyalty": {"tier": "gold"}}} is the leaf {@code gold} at
 * {@code loyalty.tier}. A dot in a name means nesting, so {@code {"loyalty.tier": "gold"}} is the same. A leaf is a
 * scalar, a list, {@code null} or an empty object. Leaves keep their order. Immutable.
 */
public final class EventAttributes {

    /** Bounds that keep one event from crowding out a profile. */
    public static final int MAX_BYTES = 64 * 1024;

    public static final int MAX_DEPTH = 32;
    static final int MAX_PATH_BYTES = 512;
    static final int MAX_DIGITS = 300;

    public static final EventAttributes NONE = new EventAttributes(Map.of());

    private final Map<String, AttributeValue> leaves;

    private EventAttributes(Map<String, AttributeValue> leaves) {
        this.leaves = leaves;
    }

    /**
     * Takes nested or dotted names.
     *
     * @throws InvalidEventException if a name is empty, a path is given twice or as value and object at once, a number is
     *     not finite, or a bound is passed
     */
    public static EventAttributes of(Map<String, ? extends AttributeValue> members) {
        if (members.isEmpty()) {
            return NONE;
        }
        Map<String, AttributeValue> leaves = new LinkedHashMap<>();
        AttributeChecks checks = new AttributeChecks();
        members.forEach((name, value) -> checks.flatten(name, value, leaves, 1));
        checks.refuseConflicts(leaves);
        return new EventAttributes(Collections.unmodifiableMap(leaves));
    }

    /** Leaves by dotted path, in order. */
    public Map<String, AttributeValue> leaves() {
        return leaves;
    }

    public boolean isEmpty() {
        return leaves.isEmpty();
    }

    /** The text at a path, or null if there is none or it is no text. */
    public @Nullable String text(String path) {
        return leaves.get(path) instanceof AttributeValue.Text text ? text.value() : null;
    }

    /** The attributes as the nested object that they stand for. */
    public AttributeValue.Members nested() {
        return Nesting.nest(leaves);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EventAttributes that && leaves.equals(that.leaves);
    }

    @Override
    public int hashCode() {
        return leaves.hashCode();
    }

    @Override
    public String toString() {
        return leaves.toString();
    }
}
