package io.scorecast.engine.model.onnx;

import ai.onnxruntime.OnnxJavaType;
import io.scorecast.engine.model.TensorSpec;
import org.jspecify.annotations.Nullable;

/** The numbers that tensors of models are made of, as far as they are read and written here. */
enum ElementType {
    FLOAT("float32", 4, TensorSpec.Type.FLOAT),
    FLOAT16("float16", 2, TensorSpec.Type.FLOAT),
    DOUBLE("float64", 8, TensorSpec.Type.DOUBLE),
    INT64("int64", 8, TensorSpec.Type.LONG),
    INT32("int32", 4, TensorSpec.Type.LONG);

    private final String word;
    private final int bytes;
    private final TensorSpec.Type held;

    ElementType(String word, int bytes, TensorSpec.Type held) {
        this.word = word;
        this.bytes = bytes;
        this.held = held;
    }

    /** How messages name it. */
    String word() {
        return word;
    }

    int bytes() {
        return bytes;
    }

    /** How a batch holds it. */
    TensorSpec.Type held() {
        return held;
    }

    /** Null for text, booleans, whole numbers of 8 and 16 bits, and bfloat16. */
    static @Nullable ElementType of(OnnxJavaType type) {
        return switch (type) {
            case FLOAT -> FLOAT;
            case FLOAT16 -> FLOAT16;
            case DOUBLE -> DOUBLE;
            case INT64 -> INT64;
            case INT32 -> INT32;
            case INT8, INT16, UINT8, BOOL, STRING, BFLOAT16, UNKNOWN -> null;
        };
    }
}
