package io.scorecast.engine.model;

/**
 * An input or output of a model.
 *
 * @param width numbers in one row
 */
public record TensorSpec(String name, Type type, int width) {

    public TensorSpec {
        if (width < 1) {
            throw new IllegalArgumentException("tensor '" + name + "' of width " + width);
        }
    }

    /** How a {@link ModelBatch} holds it. */
    public enum Type {
        FLOAT,
        DOUBLE,
        LONG
    }
}
