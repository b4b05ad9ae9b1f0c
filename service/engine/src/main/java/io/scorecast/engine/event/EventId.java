package io.scorecast.engine.event;

/** Names an event of a customer and makes its delivery idempotent: 1 to 128 bytes of UTF-8 without control characters or braces. */
public record EventId(String value) {

    /**
     * @throws InvalidEventException if the value is no id, with field {@code id}
     */
    public EventId {
        Texts.id("id", value);
    }

    public static EventId of(String value) {
        return new EventId(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
