package io.scorecast.server.audience;

import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.scorer.Scorer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A preset and a request's own wishes, bound to a Scorer's fields.
 *
 * @param columns what is written, in order
 * @param payload the fields of the preset's payload; empty without one
 * @param whole whether a row is the whole answer as it is: NDJSON without a preset
 */
record Layout(
        Preset preset,
        Output.Format format,
        List<Column> columns,
        List<Field> payload,
        boolean whole,
        Packing packing,
        long rowsPerPart,
        long bytesPerPart) {

    Layout {
        columns = List.copyOf(columns);
        payload = List.copyOf(payload);
    }

    /** A field under the name that it has in the file. */
    record Column(String name, Field field) {}

    /**
     * Binds them.
     *
     * @throws AudienceException if a preset or a field is unknown, or they do not fit together
     */
    static Layout of(Output output, Scorer scorer) {
        String name = output.preset();
        Output.Format wanted = output.format();
        Preset preset = name == null ? Preset.plain(wanted == null ? Output.Format.CSV : wanted) : Preset.find(name);
        Output.Format format = wanted == null ? preset.format() : wanted;
        Map<String, Field> fields = new LinkedHashMap<>();
        Field.of(scorer).forEach(field -> fields.put(field.name(), field));
        List<Column> columns = new ArrayList<>();
        for (Preset.Renamed column : preset.columns()) {
            Field field = fields.get(column.field());
            if (field == null) {
                throw new AudienceException(
                        "output.preset",
                        "the preset " + name + " asks for "
                                + Nearest.message("field", column.field(), List.copyOf(fields.keySet())));
            }
            columns.add(new Column(column.name(), field));
        }
        List<Field> others = new ArrayList<>(fields.values());
        columns.forEach(column -> others.remove(column.field()));
        List<Column> chosen = chosen(output.columns(), fields, columns);
        List<Field> payload = preset.payload().isEmpty()
                ? List.of()
                : chosen.isEmpty() ? others : chosen.stream().map(Column::field).toList();
        if (payload.isEmpty() && !chosen.isEmpty()) {
            if (name == null) {
                columns.clear();
            }
            columns.addAll(chosen);
        } else if (preset.others()) {
            others.forEach(field -> columns.add(new Column(field.name(), field)));
        }
        Set<String> names = new HashSet<>();
        for (Column column : columns) {
            if (!names.add(column.name())) {
                throw new AudienceException("output.columns", "two columns are named '" + column.name() + "'");
            }
        }
        if (format == Output.Format.PARQUET && output.packing() != Packing.NONE) {
            String word = output.packing().word();
            throw new AudienceException("output." + word, "Parquet is packed already; leave " + word + " out");
        }
        return new Layout(
                preset,
                format,
                columns,
                payload,
                format == Output.Format.NDJSON
                        && name == null
                        && output.columns().isEmpty(),
                output.packing(),
                output.rowsPerPart() > 0 ? output.rowsPerPart() : preset.rowsPerPart(),
                output.bytesPerPart() > 0 ? output.bytesPerPart() : preset.bytesPerPart());
    }

    /** The request's columns; a preset's own, such as the customer's id under its name, are not listed twice. */
    private static List<Column> chosen(List<String> wanted, Map<String, Field> fields, List<Column> before) {
        List<Column> chosen = new ArrayList<>();
        for (String text : wanted) {
            int sign = text.indexOf('=');
            String name = sign < 0 ? text : text.substring(0, sign);
            Field field = fields.get(name);
            if (field == null) {
                throw new AudienceException(
                        "output.columns", Nearest.message("field", name, List.copyOf(fields.keySet())));
            }
            boolean listed = before.stream()
                    .anyMatch(column -> column.field().name().equals(field.name())
                            && !column.name().equals(field.name()));
            if (sign >= 0 || !listed) {
                chosen.add(new Column(sign < 0 ? name : text.substring(sign + 1), field));
            }
        }
        return chosen;
    }

    /** Where the rows tell whose they are. */
    IdPlace idPlace() {
        for (Column column : columns) {
            if (column.field().name().equals(Field.CUSTOMER)) {
                return format == Output.Format.NDJSON ? new IdPlace("", column.name()) : new IdPlace(column.name(), "");
            }
        }
        boolean within = format != Output.Format.NDJSON
                && payload.stream().anyMatch(field -> field.name().equals(Field.CUSTOMER));
        return within ? new IdPlace(preset.payload(), Field.CUSTOMER) : IdPlace.NONE;
    }

    /** How a part's name ends. */
    String suffix() {
        return "." + format.word() + packing.suffix();
    }
}
