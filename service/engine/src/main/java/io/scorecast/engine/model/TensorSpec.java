package io.scorecast.engine.model;

import java.util.List;

/**
 * An input or output of a model.
 *
 * @param width numbers in one row
 * @param element what the model file calls its numbers: {@code float32}, {@code float16}, {@code float64}, {@code int64},
 *     {@code int32}
 * @param row the dimensions of one row, whose product is the width; empty for a tensor of one dimension
 */
public record TensorSpec(String name, Type type, int width, String element, List<Integer> row) {

    public TensorSpec {
        if (width < 1) {
            throw new IllegalArgumentException("tensor '" + name + "' of width " + width);
        }
        row = List.copyOf(row);
    }

    /** A tensor of two dimensions, of the numbers that a batch holds it in. */
    public TensorSpec(String name, Type type, int width) {
        this(name, type, width, type.element(), List.of(width));
    }

    /** How a {@link ModelBatch} holds it. */
    public enum Type {
        FLOAT("float32"),
        DOUBLE("float64"),
        LONG("int64");

        private final String element;

        Type(String element) {
            this.element = element;
        }

        private String element() {
            return element;
        }
    }
}
