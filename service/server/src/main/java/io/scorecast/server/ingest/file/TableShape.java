package io.scorecast.server.ingest.file;

import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.YamlNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the columns of a table become events. Says nothing of files of JSON.
 *
 * @param columns the field that a column is, by its name in the file; empty for a column that is left out
 * @param defaults what a field is where no column says it
 * @param wide whether a row is all attributes of a customer rather than an event
 */
public record TableShape(Map<String, String> columns, Map<String, String> defaults, boolean wide) {

    /** Columns have the names of an event's fields. */
    public static final TableShape PLAIN = new TableShape(Map.of(), Map.of(), false);

    public TableShape {
        columns = Map.copyOf(columns);
        defaults = Map.copyOf(defaults);
    }

    /**
     * Reads a mapping: {@code schema: 1}, {@code columns}, {@code defaults}.
     *
     * @throws io.scorecast.engine.problem.ProblemsException with everything that is wrong with it
     */
    public static TableShape read(Path file, String text) {
        Problems problems = new Problems();
        YamlNode root = YamlNode.parse(file.toString(), text, problems);
        Map<String, String> columns = new LinkedHashMap<>();
        Map<String, String> defaults = new LinkedHashMap<>();
        if (root != null) {
            root.expectKeys(List.of("schema", "columns", "defaults"));
            YamlNode schema = root.require("schema");
            if (schema != null) {
                schema.integer(1, 1);
            }
            fill(columns, root.get("columns"));
            fill(defaults, root.get("defaults"));
        }
        problems.throwIfAny();
        return new TableShape(columns, defaults, false);
    }

    private static void fill(Map<String, String> texts, @Nullable YamlNode node) {
        if (node != null) {
            node.entries().forEach((name, value) -> texts.put(name, value.isNull() ? "" : value.text()));
        }
    }

    /**
     * The same for tables of one row a customer.
     *
     * @param time as of which rows hold that have no time of their own, epoch milliseconds
     */
    public TableShape wideAsOf(long time) {
        Map<String, String> all = new LinkedHashMap<>(defaults);
        all.put("type", "attributes");
        all.putIfAbsent("time", Long.toString(time));
        return new TableShape(columns, all, true);
    }

    boolean isPlain() {
        return equals(PLAIN);
    }
}
