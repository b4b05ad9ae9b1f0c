package io.scorecast.engine.event;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The event types that have a meaning of their own, in the order of the API. Any other type is free: it can be counted
 * and filtered by its name. Ordinals are stored nowhere; the profile log has numbers of its own.
 */
public enum EventType {
    PURCHASE,
    RETURN,
    VIEW,
    ADD_TO_CART,
    SEARCH,
    EMAIL_SEND,
    EMAIL_OPEN,
    EMAIL_CLICK,
    EMAIL_BOUNCE,
    CAMPAIGN_SEND,
    COUPON_REDEMPTION,
    ATTRIBUTES,
    CONSENT,
    RETRACT;

    private static final Map<String, EventType> BY_NAME = new HashMap<>();

    static {
        for (EventType type : values()) {
            BY_NAME.put(type.typeName, type);
        }
    }

    private final String typeName = name().toLowerCase(Locale.ROOT);

    /** The name in JSON, {@code add_to_cart}. */
    public String typeName() {
        return typeName;
    }

    /** Whether the type only keeps the books: never behaviour, so never counted unless a feature names it. */
    public boolean isBookkeeping() {
        return this == ATTRIBUTES || this == CONSENT || this == RETRACT;
    }

    /** The type of that name, or null if it is a free one. */
    public static @Nullable EventType known(String typeName) {
        return BY_NAME.get(typeName);
    }

    public static boolean isKnown(String typeName) {
        return BY_NAME.containsKey(typeName);
    }
}
