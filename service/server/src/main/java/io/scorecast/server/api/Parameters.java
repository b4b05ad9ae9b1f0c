package io.scorecast.server.api;

import io.scorecast.engine.event.EventTime;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads query parameters; each refusal names its parameter. */
final class Parameters {

    private Parameters() {}

    /** Names between commas. */
    static Set<String> split(String text) {
        Set<String> names = new LinkedHashSet<>(Arrays.asList(text.split(",", -1)));
        names.remove("");
        return names;
    }

    /** The parameter {@code at}: RFC 3339 or epoch milliseconds; null if it was not given. */
    static @Nullable Long at(@Nullable String text) {
        return text == null ? null : instant(text);
    }

    /** Epoch milliseconds from text. */
    static long instant(String text) {
        // A plus in a query is a blank: the offset of an instant that was not encoded.
        String asWritten = text.replace(' ', '+');
        if (asWritten.matches("\\d{1,18}")) {
            return instant(Long.parseLong(asWritten));
        }
        return instant(EventTime.parse("at", asWritten));
    }

    /** Epoch milliseconds that can be an instant of scores. */
    static long instant(long millis) {
        return EventTime.ofMillis("at", millis);
    }

    /** A whole number within bounds; the default if it was not given. */
    static int number(String name, @Nullable String text, int least, int most, int otherwise) {
        if (text == null) {
            return otherwise;
        }
        if (text.matches("\\d{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw ApiException.badRequest(name, name + " is not a whole number from " + least + " to " + most);
    }
}
