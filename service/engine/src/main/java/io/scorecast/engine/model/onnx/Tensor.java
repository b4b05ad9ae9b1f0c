package io.scorecast.engine.model.onnx;

import java.util.Arrays;
import java.util.List;

/**
 * An input or output of a model that is used.
 *
 * @param width numbers or texts in one row
 * @param row the dimensions of one row, without the batch's; empty for a tensor of one dimension
 */
record Tensor(String name, ElementType type, int width, List<Long> row) {

    Tensor {
        row = List.copyOf(row);
    }

    Tensor(String name, ElementType type, int width, long[] row) {
        this(name, type, width, Arrays.stream(row).boxed().toList());
    }

    /** The shape of {@code rows} rows. */
    long[] shape(int rows) {
        long[] shape = new long[row.size() + 1];
        shape[0] = rows;
        for (int i = 0; i < row.size(); i++) {
            shape[i + 1] = row.get(i);
        }
        return shape;
    }

    /** How messages show a shape: {@code [n, 3]}. */
    static String text(long[] shape) {
        return Arrays.toString(shape).replace("-1", "n");
    }
}
