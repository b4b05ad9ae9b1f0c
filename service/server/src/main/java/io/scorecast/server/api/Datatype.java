package io.scorecast.server.api;

import io.scorecast.engine.model.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the Open Inference Protocol calls the numbers, or texts, of a tensor. */
enum Datatype {
    FP16("float16", 2),
    FP32("float32", 4),
    FP64("float64", 8),
    INT32("int32", 4),
    INT64("int64", 8),
    BOOL("bool", 1),

    /** Texts, of outputs only; each with its length before it in binary data. */
    BYTES("string", 0);

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

    /** What is sent under this name; null if the protocol has no such type, or none that a model here can take. */
    static @Nullable Datatype named(String name) {
        for (Datatype type : values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        return null;
    }

    /**
     * Whether a caller may send {@code sent} where this is expected: numbers of another width, since numpy makes its own
     * of 64 bits, and whole numbers for floating ones. Not the other way round: nobody could tell what half a product is.
     */
    boolean takes(Datatype sent) {
        return switch (this) {
            case FP16, FP32, FP64 -> sent != BOOL && sent != BYTES;
            case INT32, INT64 -> sent == INT32 || sent == INT64;
            case BOOL -> sent == BOOL;
            case BYTES -> false;
        };
    }

    /** Of a number in binary data; 0 for texts, which differ. */
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
