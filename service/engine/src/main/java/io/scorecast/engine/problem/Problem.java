package io.scorecast.engine.problem;

/**
 * One thing that is wrong, and where.
 *
 * @param source the file or artefact, as its author would name it (a path, or {@code <request>})
 * @param line 1-based line, 0 when the problem has no line
 * @param column 1-based column, 0 when the problem has no column
 * @param message what is wrong and what was expected instead, one sentence
 * @param snippet the offending line with a caret under the culprit, or an empty string
 */
public record Problem(String source, int line, int column, String message, String snippet) {

    public static Problem of(String source, String message) {
        return new Problem(source, 0, 0, message, "");
    }

    /** {@code file:line:column: message}, followed by the snippet where there is one. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(source);
        if (line > 0) {
            text.append(':').append(line);
            if (column > 0) {
                text.append(':').append(column);
            }
        }
        text.append(": ").append(message);
        if (!snippet.isEmpty()) {
            text.append('\n').append(snippet);
        }
        return text.toString();
    }
}
