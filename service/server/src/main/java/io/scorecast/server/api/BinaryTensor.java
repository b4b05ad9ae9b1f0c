package io.scorecast.server.api;

import io.scorecast.engine.model.TensorSpec;
import io.scorecast.server.inference.Rows;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Tensors as the binary-data extension sends them: little endian, row by row. */
final class BinaryTensor {

    private BinaryTensor() {}

    /**
     * Reads the numbers of an input.
     *
     * @param bytes exactly its numbers
     * @param sent their type, which the input's own takes
     */
    static void read(ByteBuffer bytes, Datatype sent, String name, Rows rows, int index) {
        TensorSpec spec = rows.specs().get(index);
        int numbers = rows.count() * spec.width();
        switch (spec.type()) {
            case FLOAT -> {
                float[] into = rows.floats(index);
                if (sent == Datatype.FP32) {
                    bytes.asFloatBuffer().get(into);
                } else {
                    for (int i = 0; i < numbers; i++) {
                        into[i] = (float) number(bytes, sent, i);
                    }
                }
            }
            case DOUBLE -> {
                for (int i = 0; i < numbers; i++) {
                    rows.doubles(index)[i] = number(bytes, sent, i);
                }
            }
            case LONG -> {
                for (int i = 0; i < numbers; i++) {
                    rows.longs(index)[i] = fitting(whole(bytes, sent, i), Datatype.of(spec), name, i);
                }
            }
            case TEXT -> throw new IllegalStateException("an input takes texts");
        }
    }

    private static double number(ByteBuffer bytes, Datatype sent, int at) {
        return switch (sent) {
            case FP16 -> Float.float16ToFloat(bytes.getShort(2 * at));
            case FP32 -> bytes.getFloat(4 * at);
            case FP64 -> bytes.getDouble(8 * at);
            case INT32, INT64, BOOL, BYTES -> whole(bytes, sent, at);
        };
    }

    private static long whole(ByteBuffer bytes, Datatype sent, int at) {
        return switch (sent) {
            case INT32 -> bytes.getInt(4 * at);
            case INT64 -> bytes.getLong(8 * at);
            case BOOL -> bytes.get(at) == 0 ? 0 : 1;
            case FP16, FP32, FP64, BYTES -> throw new IllegalStateException(sent + " where whole numbers are expected");
        };
    }

    private static long fitting(long number, Datatype expected, String name, int at) {
        if (expected == Datatype.INT32 && number != (int) number) {
            throw ApiException.badRequest(
                    "inputs",
                    "the input '" + name + "' has " + number + " at place " + at + " (from 0), expected INT32");
        }
        return number;
    }

    /** An output. */
    static byte[] write(Rows rows, int index) {
        TensorSpec spec = rows.specs().get(index);
        Datatype type = Datatype.of(spec);
        if (type == Datatype.BYTES) {
            return texts(rows.texts(index));
        }
        int size = Math.multiplyExact(rows.count() * spec.width(), type.bytes());
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case FP16 -> {
                for (float number : rows.floats(index)) {
                    out.putShort(Float.floatToFloat16(number));
                }
            }
            case FP32 -> out.asFloatBuffer().put(rows.floats(index));
            case FP64 -> out.asDoubleBuffer().put(rows.doubles(index));
            case INT32 -> {
                for (long number : rows.longs(index)) {
                    out.putInt((int) number);
                }
            }
            case INT64 -> out.asLongBuffer().put(rows.longs(index));
            case BOOL -> {
                for (long number : rows.longs(index)) {
                    out.put((byte) number);
                }
            }
            case BYTES -> throw new IllegalStateException("texts have no size of their own");
        }
        return out.array();
    }

    /** Each text in UTF-8, with its length before it. */
    private static byte[] texts(String[] texts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.writeBytes(length.putInt(0, bytes.length).array());
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }
}
