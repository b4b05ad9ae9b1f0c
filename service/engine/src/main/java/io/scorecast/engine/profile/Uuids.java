package io.scorecast.engine.profile;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Ids that are UUIDs in their canonical lower-case form take 16 bytes instead of 36. */
final class Uuids {

    static final int BYTES = 16;
    private static final int TEXT = 36;
    private static final String HEX = "0123456789abcdef";

    private Uuids() {}

    /** Null if the text is anything but a canonical lower-case UUID. */
    static byte @Nullable [] bytes(String text) {
        if (text.length() != TEXT) {
            return null;
        }
        byte[] bytes = new byte[BYTES];
        int digits = 0;
        for (int i = 0; i < TEXT; i++) {
            char c = text.charAt(i);
            if (isDash(i)) {
                if (c != '-') {
                    return null;
                }
            } else {
                int digit = HEX.indexOf(c);
                if (digit < 0) {
                    return null;
                }
                bytes[digits >> 1] |= (byte) (digit << (digits % 2 == 0 ? 4 : 0));
                digits++;
            }
        }
        return bytes;
    }

    static String text(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong()).toString();
    }

    private static boolean isDash(int i) {
        return i == 8 || i == 13 || i == 18 || i == 23;
    }

    /** The i-th byte of the text that 16 bytes stand for. */
    static int textByte(byte[] log, int at, int i) {
        if (isDash(i)) {
            return '-';
        }
        int digit = i - (i > 8 ? 1 : 0) - (i > 13 ? 1 : 0) - (i > 18 ? 1 : 0) - (i > 23 ? 1 : 0);
        int pair = log[at + (digit >> 1)];
        return HEX.charAt(digit % 2 == 0 ? (pair >> 4) & 15 : pair & 15);
    }

    /** Length of the text. */
    static int textLength() {
        return TEXT;
    }
}
