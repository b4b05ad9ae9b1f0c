package io.scorecast.engine.model.forest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A model written as UBJSON, draft 12: big-endian, a marker before each value, containers that may say their count and the
 * type of their elements. Nothing is allocated for a count or a length that the rest of the file cannot hold.
 */
final class UbjsonDocument extends Document {

    private static final int NONE = 0;

    private final ByteBuffer in;
    /** Of each open container: elements to come, -1 if an end marker tells. */
    private final long[] left = new long[MAX_DEPTH + 1];
    /** Of each open container: the marker of all its elements, NONE if each has its own. */
    private final int[] types = new int[MAX_DEPTH + 1];

    private int depth;

    UbjsonDocument(byte[] content) {
        in = ByteBuffer.wrap(content);
    }

    private int read() throws MalformedModel {
        if (!in.hasRemaining()) {
            throw fault("the file ends too early");
        }
        return in.get() & 0xFF;
    }

    private int peek() throws MalformedModel {
        while (true) {
            if (!in.hasRemaining()) {
                throw fault("the file ends too early");
            }
            int marker = in.get(in.position()) & 0xFF;
            if (marker != 'N') {
                return marker;
            }
            read();
        }
    }

    /** The marker of the value that follows. */
    private int marker() throws MalformedModel {
        if (types[depth] != NONE) {
            return types[depth];
        }
        peek();
        return read();
    }

    private long integer(int marker) throws MalformedModel {
        return switch (marker) {
            case 'i' -> in.get();
            case 'U' -> in.get() & 0xFF;
            case 'I' -> in.getShort();
            case 'l' -> in.getInt();
            case 'L' -> in.getLong();
            case 'T' -> 1;
            case 'F' -> 0;
            default -> throw fault("expected a whole number, found " + found(marker));
        };
    }

    /** Bytes of a number or truth value behind its marker; -1 for anything else. */
    private static int size(int marker) {
        return switch (marker) {
            case 'Z', 'T', 'F' -> 0;
            case 'i', 'U', 'C' -> 1;
            case 'I' -> 2;
            case 'l', 'd' -> 4;
            case 'L', 'D' -> 8;
            default -> -1;
        };
    }

    private void need(int marker) throws MalformedModel {
        if (in.remaining() < size(marker)) {
            throw fault("the file ends too early");
        }
    }

    /** A count or length; what it counts takes at least one byte each. */
    private int length() throws MalformedModel {
        int marker = read();
        need(marker);
        long length = integer(marker);
        if (length < 0 || length > in.remaining()) {
            throw fault("a length of " + length + ", but " + in.remaining() + " bytes are left");
        }
        return (int) length;
    }

    private static String found(int marker) {
        return switch (marker) {
            case '{' -> "an object";
            case '[' -> "an array";
            case 'S', 'C' -> "a text";
            case 'd', 'D' -> "a fraction";
            case 'i', 'U', 'I', 'l', 'L' -> "a whole number";
            case 'T', 'F' -> "true or false";
            case 'Z' -> "null";
            default -> "the byte " + marker;
        };
    }

    private void open(int marker, int wanted, String word) throws MalformedModel {
        if (marker != wanted) {
            throw fault("expected " + word + ", found " + found(marker));
        }
        if (depth == MAX_DEPTH) {
            throw fault("nested more than " + MAX_DEPTH + " deep");
        }
        depth++;
        types[depth] = NONE;
        left[depth] = -1;
        if (peek() == '$') {
            read();
            types[depth] = read();
            if (peek() != '#') {
                throw fault("a container of one type must say its count");
            }
        }
        if (peek() == '#') {
            read();
            left[depth] = length();
        }
    }

    private boolean more(int end) throws MalformedModel {
        if (left[depth] < 0 ? peek() == end : left[depth] == 0) {
            if (left[depth] < 0) {
                read();
            }
            depth--;
            return false;
        }
        if (left[depth] > 0) {
            left[depth]--;
        }
        return true;
    }

    @Override
    void beginObject() throws MalformedModel {
        open(marker(), '{', "an object");
    }

    @Override
    @Nullable
    String nextName() throws MalformedModel {
        return more('}') ? string() : null;
    }

    private String string() throws MalformedModel {
        byte[] bytes = new byte[length()];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    void beginArray() throws MalformedModel {
        open(marker(), '[', "an array");
    }

    @Override
    boolean nextElement() throws MalformedModel {
        return more(']');
    }

    @Override
    boolean atArray() throws MalformedModel {
        return (types[depth] != NONE ? types[depth] : peek()) == '[';
    }

    @Override
    String text() throws MalformedModel {
        int marker = marker();
        return switch (marker) {
            case 'S' -> string();
            case 'C' -> String.valueOf((char) read());
            case 'd', 'D' -> Float.toString(number(marker));
            case 'i', 'U', 'I', 'l', 'L' -> Long.toString(checked(marker));
            default -> throw fault("expected a text or a number, found " + found(marker));
        };
    }

    private long checked(int marker) throws MalformedModel {
        need(marker);
        return integer(marker);
    }

    private float number(int marker) throws MalformedModel {
        need(marker);
        return switch (marker) {
            case 'd' -> in.getFloat();
            case 'D' -> (float) in.getDouble();
            default -> (float) integer(marker);
        };
    }

    /** How many numbers to make room for at first: the count if it is known. */
    private int room() throws MalformedModel {
        int size = size(types[depth]);
        if (types[depth] != NONE && left[depth] * Math.max(size, 1) > in.remaining()) {
            throw fault(left[depth] + " numbers of " + size + " bytes, but " + in.remaining() + " bytes are left");
        }
        return left[depth] < 0 ? 16 : (int) left[depth];
    }

    @Override
    int[] ints() throws MalformedModel {
        beginArray();
        int[] numbers = new int[room()];
        int count = 0;
        while (nextElement()) {
            long number = checked(marker());
            if (number != (int) number) {
                throw fault("the number " + number + " is out of range");
            }
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count + 1);
            }
            numbers[count++] = (int) number;
        }
        return Arrays.copyOf(numbers, count);
    }

    @Override
    float[] floats() throws MalformedModel {
        beginArray();
        float[] numbers = new float[room()];
        int count = 0;
        while (nextElement()) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count + 1);
            }
            numbers[count++] = number(marker());
        }
        return Arrays.copyOf(numbers, count);
    }

    @Override
    void skip() throws MalformedModel {
        int marker = marker();
        switch (marker) {
            case 'S', 'H' -> {
                int length = length();
                in.position(in.position() + length);
            }
            case '[' -> {
                open(marker, '[', "an array");
                while (nextElement()) {
                    skip();
                }
            }
            case '{' -> {
                open(marker, '{', "an object");
                while (nextName() != null) {
                    skip();
                }
            }
            default -> {
                if (size(marker) < 0) {
                    throw fault(found(marker) + " begins no value");
                }
                need(marker);
                in.position(in.position() + size(marker));
            }
        }
    }

    @Override
    void end() throws MalformedModel {
        while (in.hasRemaining()) {
            if (read() != 'N') {
                throw fault("something follows the model");
            }
        }
    }

    @Override
    MalformedModel fault(String message) {
        return new MalformedModel(place() + ": " + message + " (byte " + in.position() + ")");
    }

    @Override
    public void close() {}
}
