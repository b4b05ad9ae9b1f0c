package io.scorecast.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Notes what a fault came to, as a row of a table in {@code target/reliability}. {@code docs/reliability.sh} makes
 * {@code docs/reliability.md} of the rows.
 */
final class Reliability {

    private static final Path FOLDER = Path.of("target", "reliability");

    private Reliability() {}

    /** A burst of scores during a fault. */
    static void note(String name, String fault, Burst.Outcome burst, String more) {
        note(
                name,
                fault,
                String.format(
                        Locale.ROOT,
                        "%,d scores: %s; half within %.0f ms, 99 %% within %.0f ms, the slowest %.0f ms%s",
                        burst.replies().size(),
                        words(burst.reasons()),
                        burst.millis(0.5),
                        burst.millis(0.99),
                        burst.millis(1),
                        more.isEmpty() ? "" : "; " + more));
    }

    private static String words(Map<String, Integer> reasons) {
        return reasons.entrySet().stream()
                .map(reason -> String.format(Locale.ROOT, "%,d %s", reason.getValue(), code(reason.getKey())))
                .collect(Collectors.joining(", "));
    }

    private static String code(String reason) {
        return reason.contains("_") || reason.equals("timeout") || reason.equals("overloaded")
                ? "`" + reason + "`"
                : reason;
    }

    /**
     * Any fault.
     *
     * @param name of the row's file; rows stand in the order of their names
     */
    static void note(String name, String fault, String came) {
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(FOLDER.resolve(name + ".row"), "| " + fault + " | " + came + " |\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
