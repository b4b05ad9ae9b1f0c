package io.scorecast.server.ingest.file;

import java.util.regex.Pattern;

/** Which texts in a table are numbers. */
final class Numbers {

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(?:[0-9]++\\.?[0-9]*+|\\.[0-9]++)(?:[eE][+-]?[0-9]++)?+");
    private static final Pattern JSON = Pattern.compile("-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+");
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
    private static final int SHOWN = 48;

    private Numbers() {}

    /** A decimal number, as spreadsheets and data frames write it; neither NaN nor infinite. */
    static boolean isNumber(String text) {
        return NUMBER.matcher(text).matches();
    }

    /** A finite number as JSON writes it: {@code 0123}, a postcode, is none. */
    static boolean isJson(String text) {
        return JSON.matcher(text).matches() && Double.isFinite(Double.parseDouble(text));
    }

    /** An integer that a long holds for certain. */
    static boolean isWhole(String text) {
        return WHOLE.matcher(text).matches();
    }

    static String shorten(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }
}
