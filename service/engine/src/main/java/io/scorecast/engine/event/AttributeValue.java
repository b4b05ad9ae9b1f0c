package io.scorecast.engine.event;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value in an event's attributes: what JSON can say, with integers kept exactly. */
public sealed interface AttributeValue {

    record Text(String value) implements AttributeValue {}

    /** An integer of up to 64 bits. */
    record Whole(long value) implements AttributeValue {}

    /** An integer that needs more than 64 bits. */
    record Big(BigInteger value) implements AttributeValue {}

    /** A finite number with a fraction or an exponent. */
    record Decimal(double value) implements AttributeValue {}

    record Flag(boolean value) implements AttributeValue {}

    /** JSON's {@code null}: deletes what is at its path. */
    record Null() implements AttributeValue {}

    record Items(List<AttributeValue> items) implements AttributeValue {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** An object inside a list, or an empty one; other objects are flattened into paths by {@link EventAttributes}. */
    record Members(Map<String, AttributeValue> members) implements AttributeValue {
        public Members {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }
    }

    Null NULL = new Null();
    Members EMPTY = new Members(Map.of());
}
