package io.scorecast.engine.profile;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Strings that were made of a log's bytes before: categories, sources and types come again in every log, so most are
 * found and none is made. Direct-mapped, so bounded; a miss only costs a new string. Owned by one thread.
 */
final class StringCache {

    private static final int SLOTS = 512;

    /** Longer ones are rarely the same twice. */
    private static final int MAX_LENGTH = 64;

    private final @Nullable String[] strings = new @Nullable String[SLOTS];

    String get(byte[] bytes, int at, int length) {
        if (length > MAX_LENGTH) {
            return new String(bytes, at, length, StandardCharsets.UTF_8);
        }
        int slot = LogReader.hash(bytes, at, length) & SLOTS - 1;
        String known = strings[slot];
        if (known == null || !equal(known, bytes, at, length)) {
            known = new String(bytes, at, length, StandardCharsets.UTF_8);
            strings[slot] = known;
        }
        return known;
    }

    /** Whether a string has these bytes in UTF-8; never true, which only costs a miss, for one beyond ASCII. */
    static boolean equal(String string, byte[] bytes, int at, int length) {
        if (string.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            byte b = bytes[at + i];
            if (b < 0 || string.charAt(i) != b) {
                return false;
            }
        }
        return true;
    }
}
