package io.scorecast.engine.model.onnx;

import ai.onnxruntime.OnnxJavaType;
import io.scorecast.engine.model.TensorSpec;
import org.jspecify.annotations.Nullable;

/** What tensors of models are made of, as far as it is read and written here. */
enum ElementType {
    FLOAT("float32", 4, TensorSpec.Type.FLOAT),
    FLOAT16("float16", 2, TensorSpec.Type.FLOAT),
    DOUBLE("float64", 8, TensorSpec.Type.DOUBLE),
    INT64("int64", 8, TensorSpec.Type.LONG),
    INT32("int32", 4, TensorSpec.Type.LONG),
    BOOL("bool", 1, TensorSpec.Type.LONG),

    /** Of outputs only, and never in memory of ours. */
    TEXT("string", 0, TensorSpec.Type.TEXT);

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

    /** Null for whole numbers of 8 and 16 bits, and bfloat16. */
    static @Nullable ElementType of(OnnxJavaType type) {
        return switch (type) {
            case FLOAT -> FLOAT;
            case FLOAT16 -> FLOAT16;
            case DOUBLE -> DOUBLE;
            case INT64 -> INT64;
            case INT32 -> INT32;
            case BOOL -> BOOL;
            case STRING -> TEXT;
            case INT8, INT16, UINT8, BFLOAT16, UNKNOWN -> null;
        };
    }
}
