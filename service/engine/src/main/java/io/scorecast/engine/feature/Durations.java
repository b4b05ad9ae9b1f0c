package io.scorecast.engine.feature;

import io.scorecast.engine.problem.YamlNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Spans of time as authors write them: {@code 30d}, {@code 12h}, {@code 30m}, {@code 0.5d}. */
public final class Durations {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)([dhm])");
    private static final double MOST_DAYS = 36_525;

    private Durations() {}

    /** Milliseconds; {@code absent}, with a problem if there is something else, where there is no span. */
    public static long read(@Nullable YamlNode node, long absent) {
        if (node == null) {
            return absent;
        }
        Matcher matcher = TEXT.matcher(node.isScalar() && !node.isNull() ? node.text() : "");
        if (matcher.matches()) {
            long unit = switch (matcher.group(2)) {
                case "d" -> Days.MILLIS;
                case "h" -> Days.MILLIS / 24;
                default -> 60_000;
            };
            double millis = Double.parseDouble(matcher.group(1)) * unit;
            if (millis >= 1 && millis <= MOST_DAYS * Days.MILLIS) {
                return Math.round(millis);
            }
        }
        node.problem("expected a span of time such as 30d, 12h or 30m, up to 100 years, found " + node.found());
        return absent;
    }
}
