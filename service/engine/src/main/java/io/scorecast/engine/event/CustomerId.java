package io.scorecast.engine.event;

/** Names a customer: 1 to 128 bytes of UTF-8 without control characters or braces. */
public record CustomerId(String value) implements Comparable<CustomerId> {

    /**
     * @throws InvalidEventException if the value is no id, with field {@code customer_id}
     */
    public CustomerId {
        Texts.id("customer_id", value);
    }

    public static CustomerId of(String value) {
        return new CustomerId(value);
    }

    @Override
    public int compareTo(CustomerId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
