package io.scorecast.server.api;

import io.scorecast.engine.model.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/** What the Open Inference Protocol calls the numbers of a tensor. */
enum Datatype {
    FP16("float16", 2),
    FP32("float32", 4),
    FP64("float64", 8),
    INT32("int32", 4),
    INT64("int64", 8);

    private final String element;
    private final int bytes;

    Datatype(String element, int bytes) {
        this.element = element;
        this.bytes = bytes;
    }

    static Datatype of(TensorSpec spec) {
        for (Datatype type : values()) {
            if (type.element.equals(spec.element())) {
                return type;
            }
        }
        throw new IllegalArgumentException("no datatype for " + spec.element());
    }

    /** Of a number in binary data. */
    int bytes() {
        return bytes;
    }

    /** A tensor's shape, with any number of rows as -1. */
    static List<Integer> shape(TensorSpec spec, int rows) {
        List<Integer> shape = new ArrayList<>();
        shape.add(rows);
        shape.addAll(spec.row());
        return shape;
    }
}
