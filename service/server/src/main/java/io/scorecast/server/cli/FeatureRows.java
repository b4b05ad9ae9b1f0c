package io.scorecast.server.cli;

import io.scorecast.engine.event.CustomerId;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Some rows of a table of features: numbers and texts, each row's beside each other, in columns' order. */
final class FeatureRows {

    private CustomerId[] customers;
    private long[] instants;
    private final int width;
    private float[] numbers;
    private final int textWidth;
    private @Nullable String[] texts;
    private int count;

    FeatureRows(int capacity, FeatureColumns columns) {
        customers = new CustomerId[capacity];
        instants = new long[capacity];
        width = columns.numbers();
        numbers = new float[capacity * width];
        textWidth = columns.texts();
        texts = new String[capacity * textWidth];
    }

    /** Makes room for more rows. */
    void reserve(int more) {
        if (count + more > customers.length) {
            int capacity = Math.max(count + more, 2 * customers.length);
            customers = Arrays.copyOf(customers, capacity);
            instants = Arrays.copyOf(instants, capacity);
            numbers = Arrays.copyOf(numbers, Math.multiplyExact(capacity, width));
            texts = Arrays.copyOf(texts, capacity * textWidth);
        }
    }

    /**
     * Begins a row.
     *
     * @param instant epoch milliseconds
     * @return its position
     */
    int add(CustomerId customer, long instant) {
        customers[count] = customer;
        instants[count] = instant;
        return count++;
    }

    int count() {
        return count;
    }

    CustomerId customer(int row) {
        return customers[row];
    }

    /** Epoch milliseconds. */
    long instant(int row) {
        return instants[row];
    }

    /** The array that numbers are written into. */
    float[] numbers() {
        return numbers;
    }

    /** Where in {@link #numbers} a row begins. */
    int offset(int row) {
        return row * width;
    }

    /** NaN where missing. */
    float number(int row, int position) {
        return numbers[row * width + position];
    }

    void setText(int row, int position, @Nullable String text) {
        texts[row * textWidth + position] = text;
    }

    /** Null where missing. */
    @Nullable
    String text(int row, int position) {
        return texts[row * textWidth + position];
    }
}
