package io.scorecast.engine.event;

import java.util.HexFormat;

/** What the strings of an event may look like. */
final class Texts {

    static final int MAX_ID_BYTES = 128;
    static final int MAX_CATEGORY_BYTES = 512;
    private static final int SHOWN = 48;

    private Texts() {}

    /** Checks an identifier: 1 to 128 bytes of UTF-8 without control characters or braces. */
    static String id(String field, String value) {
        return check(field, value, MAX_ID_BYTES, false);
    }

    /** Checks a category path: 1 to 512 bytes of UTF-8 without control characters. */
    static String category(String field, String value) {
        return check(field, value, MAX_CATEGORY_BYTES, true);
    }

    static String check(String field, String value, int maxBytes, boolean braces) {
        if (value.isEmpty()) {
            throw new InvalidEventException(field, field + " is empty");
        }
        int bytes = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x80) {
                bytes++;
                if (c < ' ' || c == 0x7f) {
                    throw new InvalidEventException(field, field + " " + quote(value) + " has a control character");
                }
                if (!braces && (c == '{' || c == '}')) {
                    throw new InvalidEventException(field, field + " " + quote(value) + " has a brace");
                }
            } else if (c < 0x800) {
                bytes += 2;
                if (c < 0xa0) {
                    throw new InvalidEventException(field, field + " " + quote(value) + " has a control character");
                }
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else if (isPair(value, i)) {
                bytes += 4;
                i++;
            } else {
                throw new InvalidEventException(field, field + " " + quote(value) + " has half a surrogate pair");
            }
        }
        if (bytes > maxBytes) {
            throw new InvalidEventException(
                    field, field + " " + quote(value) + " has " + bytes + " bytes; at most " + maxBytes);
        }
        return value;
    }

    /** The length in UTF-8, or -1 if the string has half a surrogate pair and so no UTF-8. */
    static int utf8Length(String value) {
        int bytes = value.length();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= 0x80) {
                if (c < 0x800) {
                    bytes++;
                } else if (!Character.isSurrogate(c)) {
                    bytes += 2;
                } else if (isPair(value, i)) {
                    bytes += 2;
                    i++;
                } else {
                    return -1;
                }
            }
        }
        return bytes;
    }

    private static boolean isPair(String value, int i) {
        return Character.isHighSurrogate(value.charAt(i))
                && i + 1 < value.length()
                && Character.isLowSurrogate(value.charAt(i + 1));
    }

    /** The value in quotes, shortened and escaped: safe in a message. */
    static String quote(String value) {
        return "'" + shorten(value) + "'";
    }

    /** The value, shortened, with what would not print escaped. */
    static String shorten(String value) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(value.length(), SHOWN); i++) {
            char c = value.charAt(i);
            if (Character.isISOControl(c) || (Character.isSurrogate(c) && !isWhole(value, i))) {
                text.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                text.append(c);
            }
        }
        return value.length() > SHOWN ? text.append('…').toString() : text.toString();
    }

    private static boolean isWhole(String value, int i) {
        return (i + 1 < SHOWN && isPair(value, i)) || (i > 0 && isPair(value, i - 1));
    }
}
