package io.scorecast.server.audience;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow, without locks. */
final class Bytes {

    private byte[] bytes = new byte[4096];
    private int length;

    void put(int b) {
        grow(1);
        bytes[length++] = (byte) b;
    }

    void put(byte[] more) {
        grow(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    void put(byte[] more, int from, int count) {
        grow(count);
        System.arraycopy(more, from, bytes, length, count);
        length += count;
    }

    /** Puts a text, as UTF-8. */
    void put(String text) {
        int size = text.length();
        grow(size);
        for (int i = 0; i < size; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                put(text.substring(i).getBytes(StandardCharsets.UTF_8));
                return;
            }
            bytes[length++] = (byte) c;
        }
    }

    private void grow(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length + (bytes.length >> 1)));
        }
    }

    int length() {
        return length;
    }

    /** Drops the last bytes. */
    void cut(int to) {
        length = to;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    void clear() {
        length = 0;
    }
}
