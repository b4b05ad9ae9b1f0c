package io.scorecast.engine.model.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.scorecast.engine.model.ModelBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory outside the heap for one tensor, reused from prediction to prediction, so that nothing is copied twice. */
final class TensorBuffer {

    private final Tensor tensor;
    private ByteBuffer bytes;

    TensorBuffer(Tensor tensor) {
        this.tensor = tensor;
        this.bytes = allocate(1);
    }

    private ByteBuffer allocate(int rows) {
        int size = Math.multiplyExact(
                Math.multiplyExact(rows, tensor.width()), tensor.type().bytes());
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    /** Makes room for {@code rows} rows; what was there may be lost. */
    void begin(int rows) {
        int needed = Math.multiplyExact(
                Math.multiplyExact(rows, tensor.width()), tensor.type().bytes());
        if (bytes.capacity() < needed) {
            bytes = allocate(Math.max(rows, 16));
        }
        bytes.clear().limit(needed);
    }

    /** A tensor over this memory, to be closed by the caller. */
    OnnxTensor view(OrtEnvironment environment, int rows) throws OrtException {
        long[] shape = tensor.shape(rows);
        return switch (tensor.type()) {
            case FLOAT16 -> OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.FLOAT16);
            case FLOAT -> OnnxTensor.createTensor(environment, bytes.asFloatBuffer(), shape);
            case DOUBLE -> OnnxTensor.createTensor(environment, bytes.asDoubleBuffer(), shape);
            case INT64 -> OnnxTensor.createTensor(environment, bytes.asLongBuffer(), shape);
            case INT32 -> OnnxTensor.createTensor(environment, bytes.asIntBuffer(), shape);
            case BOOL -> OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.BOOL);
            case TEXT -> throw new IllegalStateException("texts have no buffer");
        };
    }

    /** Copies a tensor of ONNX Runtime's own memory into this one. */
    void load(OnnxTensor from) {
        bytes.put(0, from.getByteBuffer(), 0, bytes.limit());
    }

    /** Copies a batch's input into this memory. */
    void fill(ModelBatch batch, int input, int rows) {
        int numbers = rows * tensor.width();
        switch (tensor.type()) {
            case FLOAT16 -> {
                float[] from = batch.floats(input);
                for (int i = 0; i < numbers; i++) {
                    bytes.putShort(2 * i, Float.floatToFloat16(from[i]));
                }
            }
            case FLOAT -> bytes.asFloatBuffer().put(batch.floats(input), 0, numbers);
            case DOUBLE -> bytes.asDoubleBuffer().put(batch.doubles(input), 0, numbers);
            case INT64 -> bytes.asLongBuffer().put(batch.longs(input), 0, numbers);
            case INT32 -> {
                long[] from = batch.longs(input);
                for (int i = 0; i < numbers; i++) {
                    bytes.putInt(4 * i, Math.clamp(from[i], Integer.MIN_VALUE, Integer.MAX_VALUE));
                }
            }
            case BOOL -> {
                long[] from = batch.longs(input);
                for (int i = 0; i < numbers; i++) {
                    bytes.put(i, (byte) (from[i] == 0 ? 0 : 1));
                }
            }
            case TEXT -> throw new IllegalStateException("texts have no buffer");
        }
    }

    /** Copies this memory into a batch's output. */
    void drain(ModelBatch batch, int output, int rows) {
        int numbers = rows * tensor.width();
        switch (tensor.type()) {
            case FLOAT16 -> {
                float[] to = batch.floatOutput(output);
                for (int i = 0; i < numbers; i++) {
                    to[i] = Float.float16ToFloat(bytes.getShort(2 * i));
                }
            }
            case FLOAT -> bytes.asFloatBuffer().get(batch.floatOutput(output), 0, numbers);
            case DOUBLE -> bytes.asDoubleBuffer().get(batch.doubleOutput(output), 0, numbers);
            case INT64 -> bytes.asLongBuffer().get(batch.longOutput(output), 0, numbers);
            case INT32 -> {
                long[] to = batch.longOutput(output);
                for (int i = 0; i < numbers; i++) {
                    to[i] = bytes.getInt(4 * i);
                }
            }
            case BOOL -> {
                long[] to = batch.longOutput(output);
                for (int i = 0; i < numbers; i++) {
                    to[i] = bytes.get(i);
                }
            }
            case TEXT -> {}
        }
    }
}
