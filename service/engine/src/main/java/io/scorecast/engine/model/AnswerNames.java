package io.scorecast.engine.model;

import java.util.List;
import java.util.regex.Pattern;

/** The names of an answer's fields. */
public final class AnswerNames {

    /** The fields that every answer may have: no output, score by points or response may take their names. */
    public static final List<String> OWN = List.of(
            "customer_id",
            "personalized",
            "reason",
            "degraded",
            "segments",
            "segment",
            "decision",
            "versions",
            "as_of",
            "profile_events");

    /** What an item of a list may say of itself; a flat field's name ends with one of them. */
    public static final List<String> ITEM_PARTS = List.of("id", "score", "title", "url", "image", "price");

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    /** Words of the rules' language, and how flat fields of items begin. */
    private static final List<String> WORDS = List.of("item", "attributes", "missing", "true", "false", "null", "in");

    private AnswerNames() {}

    /** Whether a name is spelt as a field's must be. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Whether a name has a meaning in answers or rules, and can be no other field's. */
    public static boolean isReserved(String name) {
        return OWN.contains(name) || WORDS.contains(name);
    }
}
