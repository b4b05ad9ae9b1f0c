package io.scorecast.server.ingest;

import io.scorecast.engine.event.AttributeValue;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventAttributes;
import io.scorecast.engine.event.EventError;
import io.scorecast.engine.event.EventType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which attributes of events may be stored: all, or those that are listed with all beneath them. The others are left out and
 * the event is kept, for a shop that sends one attribute too many must not lose its purchases. What the service itself needs
 * is never left out: permissions, the target of a retraction, and what an e-mail was about. Nor is {@code null}, which
 * deletes what was stored before. Immutable.
 */
public final class AttributeRule {

    /** Leaves out nothing. */
    public static final AttributeRule ALL = new AttributeRule(null);

    private static final Set<String> OF_EMAILS = Set.of("campaign", "decision", "variant", "versions");

    private final @Nullable Set<String> allowed;

    private AttributeRule(@Nullable Set<String> allowed) {
        this.allowed = allowed;
    }

    /**
     * Allows only some.
     *
     * @param paths dotted; each allows what is beneath it too
     * @throws IllegalArgumentException if one is no path
     */
    public static AttributeRule only(List<String> paths) {
        for (String path : paths) {
            if (path.isBlank() || !path.equals(path.strip()) || ("." + path + ".").contains("..")) {
                throw new IllegalArgumentException("'" + path + "' is no path of an attribute, as in loyalty.tier");
            }
        }
        return new AttributeRule(Set.copyOf(paths));
    }

    /**
     * The event as it may be stored.
     *
     * @param left told the path of each attribute that is left out
     */
    public Event apply(Event event, Consumer<String> left) {
        Set<String> paths = allowed;
        if (paths == null || event.attributes().isEmpty()) {
            return event;
        }
        Map<String, AttributeValue> leaves = event.attributes().leaves();
        Map<String, AttributeValue> kept = new LinkedHashMap<>();
        leaves.forEach((path, value) -> {
            if (value instanceof AttributeValue.Null || isNeeded(event, path) || isIn(paths, path)) {
                kept.put(path, value);
            } else {
                left.accept(path);
            }
        });
        return kept.size() == leaves.size() ? event : event.withAttributes(EventAttributes.of(kept));
    }

    /** Says that an attribute was left out. */
    public static EventError warning(int index, String path) {
        String field = "attributes." + path;
        return new EventError(index, field, field + " was left out: it is not among --attributes-allowed");
    }

    private static boolean isNeeded(Event event, String path) {
        EventType type = event.knownType();
        if (type == null) {
            return false;
        }
        return switch (type) {
            case CONSENT -> true;
            case RETRACT -> path.equals("event_id");
            case EMAIL_SEND, EMAIL_OPEN, EMAIL_CLICK, EMAIL_BOUNCE -> isIn(OF_EMAILS, path);
            case PURCHASE, RETURN, VIEW, ADD_TO_CART, SEARCH, CAMPAIGN_SEND, COUPON_REDEMPTION, ATTRIBUTES -> false;
        };
    }

    /** Whether a path is listed, or beneath one that is. */
    private static boolean isIn(Set<String> paths, String path) {
        for (int end = path.length(); end > 0; end = path.lastIndexOf('.', end - 1)) {
            if (paths.contains(path.substring(0, end))) {
                return true;
            }
        }
        return false;
    }
}
