package io.scorecast.engine.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something a customer did, or that was learned about them. One record for all types: every type may carry every field,
 * and what a type means is decided where events are folded into a profile.
 *
 * @param type a known type's name or a free one
 * @param time when it happened, epoch milliseconds
 * @param category a path, {@code grocery/dairy/milk}
 * @param value the event's total in the shop's currency, NaN if absent
 * @param quantity NaN if absent
 * @param source who says so; decides which attributes win
 */
public record Event(
        EventId id,
        CustomerId customer,
        String type,
        long time,
        @Nullable String product,
        @Nullable String category,
        double value,
        double quantity,
        @Nullable String order,
        @Nullable String session,
        EventAttributes attributes,
        @Nullable String source) {

    /**
     * @throws InvalidEventException if a field cannot be taken, naming it as in JSON
     */
    public Event {
        Texts.id("type", type);
        optionalId("product_id", product);
        optionalId("order_id", order);
        optionalId("session_id", session);
        optionalId("source", source);
        if (category != null) {
            Texts.category("category", category);
        }
        refuseInfinite("value", value);
        refuseInfinite("quantity", quantity);
        EventType known = EventType.known(type);
        if (known == EventType.RETRACT) {
            checkRetraction(attributes);
        } else if (known == EventType.CONSENT) {
            checkConsent(attributes);
        }
    }

    /** The known type, or null if it is a free one. */
    public @Nullable EventType knownType() {
        return EventType.known(type);
    }

    /** The same with other attributes. */
    public Event withAttributes(EventAttributes other) {
        return new Event(id, customer, type, time, product, category, value, quantity, order, session, other, source);
    }

    public static EventBuilder builder() {
        return new EventBuilder();
    }

    private static void optionalId(String field, @Nullable String value) {
        if (value != null) {
            Texts.id(field, value);
        }
    }

    private static void refuseInfinite(String field, double value) {
        if (Double.isInfinite(value)) {
            throw new InvalidEventException(field, field + " is not a finite number");
        }
    }

    private static void checkRetraction(EventAttributes attributes) {
        String target = attributes.text("event_id");
        if (target == null) {
            throw new InvalidEventException(
                    "attributes.event_id",
                    "a retract needs attributes.event_id, the id of the event that never happened");
        }
        Texts.id("attributes.event_id", target);
    }

    private static void checkConsent(EventAttributes attributes) {
        if (attributes.isEmpty()) {
            throw new InvalidEventException(
                    "attributes", "a consent needs attributes, the permissions: {\"profiling\": false}");
        }
        for (Map.Entry<String, AttributeValue> leaf : attributes.leaves().entrySet()) {
            if (!(leaf.getValue() instanceof AttributeValue.Flag || leaf.getValue() instanceof AttributeValue.Null)) {
                String field = "attributes." + leaf.getKey();
                throw new InvalidEventException(field, field + " of a consent must be true, false or null");
            }
        }
    }
}
