package io.scorecast.engine.model.onnx;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Finds the files that an ONNX file keeps tensors in, so that they can be checked before ONNX Runtime opens them. Walks the
 * file's protocol buffer over those fields that lead to tensors, and reads no tensor.
 */
final class ExternalFiles {

    private static final int MAX_DEPTH = 64;

    private final byte[] bytes;
    private final Set<String> names = new LinkedHashSet<>();

    private ExternalFiles(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The messages of onnx.proto that lead to external data. */
    private enum Message {
        MODEL,
        GRAPH,
        NODE,
        ATTRIBUTE,
        TENSOR,
        SPARSE,
        TRAINING,
        FUNCTION,
        ENTRY,
        OTHER;

        Message at(int field) {
            return switch (this) {
                case MODEL -> field == 7 ? GRAPH : field == 20 ? TRAINING : field == 25 ? FUNCTION : OTHER;
                case GRAPH -> field == 1 ? NODE : field == 5 ? TENSOR : field == 15 ? SPARSE : OTHER;
                case NODE -> field == 5 ? ATTRIBUTE : OTHER;
                case ATTRIBUTE ->
                    field == 5 || field == 10
                            ? TENSOR
                            : field == 6 || field == 11 ? GRAPH : field == 22 || field == 23 ? SPARSE : OTHER;
                case TENSOR -> field == 13 ? ENTRY : OTHER;
                case SPARSE -> field == 1 || field == 2 ? TENSOR : OTHER;
                case TRAINING -> field == 1 || field == 2 ? GRAPH : OTHER;
                case FUNCTION -> field == 7 ? NODE : OTHER;
                case ENTRY, OTHER -> OTHER;
            };
        }
    }

    /**
     * Names as the file says them, relative to its own folder.
     *
     * @throws IllegalArgumentException if it is no protocol buffer
     */
    static Set<String> of(byte[] model) {
        ExternalFiles files = new ExternalFiles(model);
        files.walk(Message.MODEL, 0, model.length, 0);
        return files.names;
    }

    private int position;

    private void walk(Message message, int from, int to, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nested more than " + MAX_DEPTH + " deep");
        }
        String key = "";
        String value = "";
        position = from;
        while (position < to) {
            long tag = varint(to);
            int field = (int) Math.min(tag >>> 3, Integer.MAX_VALUE);
            switch ((int) (tag & 7)) {
                case 0 -> varint(to);
                case 1 -> skip(8, to);
                case 5 -> skip(4, to);
                case 2 -> {
                    long length = varint(to);
                    int begin = position;
                    skip(length, to);
                    int end = position;
                    if (message == Message.ENTRY && field == 1) {
                        key = new String(bytes, begin, end - begin, StandardCharsets.UTF_8);
                    } else if (message == Message.ENTRY && field == 2) {
                        value = new String(bytes, begin, end - begin, StandardCharsets.UTF_8);
                    } else if (message.at(field) != Message.OTHER) {
                        walk(message.at(field), begin, end, depth + 1);
                        position = end;
                    }
                }
                default -> throw new IllegalArgumentException("no field begins at byte " + position);
            }
        }
        if (key.equals("location")) {
            names.add(value);
        }
    }

    private void skip(long length, int to) {
        if (length < 0 || length > to - position) {
            throw new IllegalArgumentException("a field leads out of the file at byte " + position);
        }
        position += (int) length;
    }

    private long varint(int to) {
        long number = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (position >= to) {
                break;
            }
            byte next = bytes[position++];
            number |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("the file ends too early, or is none, at byte " + position);
    }
}
