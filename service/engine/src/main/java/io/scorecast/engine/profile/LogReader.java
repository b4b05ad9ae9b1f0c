package io.scorecast.engine.profile;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Walks over the bytes of a log without building anything. A field that does not fit its message makes {@link #failed}
 * true; nothing is thrown, whatever the bytes.
 */
final class LogReader {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = new byte[0];
    private int position;
    private int limit;
    private int logEnd;
    private int eventStart;
    private int eventEnd;
    private boolean failed;
    private boolean broken;

    void open(byte[] log, int offset, int length) {
        bytes = log;
        position = offset;
        logEnd = offset + length;
        limit = logEnd;
        eventEnd = offset;
        failed = false;
        broken = false;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Moves to the next event and its first field; false at the end, or where the rest is unreadable. */
    boolean nextEvent() {
        position = eventEnd;
        limit = logEnd;
        failed = false;
        while (position < logEnd) {
            int start = position;
            int tag = (int) varint();
            if (tag == Wire.EVENT) {
                int length = length();
                if (failed) {
                    break;
                }
                eventStart = position;
                eventEnd = position + length;
                limit = eventEnd;
                return true;
            }
            skip(tag);
            if (failed || position <= start) {
                break;
            }
        }
        broken = failed;
        eventEnd = logEnd;
        position = logEnd;
        return false;
    }

    /** Whether the rest of the log could not be read, after {@link #nextEvent} gave false. */
    boolean broken() {
        return broken;
    }

    int eventStart() {
        return eventStart;
    }

    int eventEnd() {
        return eventEnd;
    }

    /** Reads a message that lies elsewhere in the log. */
    void enter(int start, int end) {
        position = start;
        limit = end;
        failed = false;
    }

    boolean hasMore() {
        return position < limit && !failed;
    }

    boolean failed() {
        return failed;
    }

    int position() {
        return position;
    }

    void jump(int to) {
        position = to;
    }

    int tag() {
        return (int) varint();
    }

    long varint() {
        if (position < limit && bytes[position] >= 0) {
            return bytes[position++];
        }
        long value = 0;
        for (int shift = 0; shift < 64 && position < limit; shift += 7) {
            byte b = bytes[position++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        failed = true;
        return 0;
    }

    long zigzag() {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    long fixed64() {
        if (limit - position < Long.BYTES) {
            failed = true;
            return 0;
        }
        long value = (long) LONGS.get(bytes, position);
        position += Long.BYTES;
        return value;
    }

    double number() {
        return Double.longBitsToDouble(fixed64());
    }

    /** The length of what follows, which lies within the message; 0 if it does not. */
    int length() {
        long length = varint();
        if (failed || length < 0 || length > limit - position) {
            failed = true;
            return 0;
        }
        return (int) length;
    }

    /** Passes over the field of a tag. */
    void skip(int tag) {
        switch (tag & 7) {
            case Wire.VARINT -> varint();
            case Wire.FIXED64 -> advance(Long.BYTES);
            case Wire.BYTES -> advance(length());
            case Wire.FIXED32 -> advance(Integer.BYTES);
            default -> failed = true;
        }
        if (tag >>> 3 == 0) {
            failed = true;
        }
    }

    void advance(int count) {
        if (count > limit - position) {
            failed = true;
        } else {
            position += count;
        }
    }

    /** A hash of a string's bytes, eight at a time. */
    static int hash(byte[] bytes, int at, int length) {
        long hash = length * 0x9E3779B97F4A7C15L;
        int end = at + length;
        int i = at;
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            hash = mix(hash ^ (long) LONGS.get(bytes, i));
        }
        long tail = 0;
        for (; i < end; i++) {
            tail = tail << 8 | (bytes[i] & 0xff);
        }
        hash = mix(hash ^ tail);
        return (int) (hash ^ hash >>> 32);
    }

    private static long mix(long x) {
        long product = x * 0xBF58476D1CE4E5B9L;
        return product ^ product >>> 29;
    }
}
