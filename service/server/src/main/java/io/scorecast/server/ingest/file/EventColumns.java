package io.scorecast.server.ingest.file;

import io.scorecast.engine.event.AttributeValue;
import io.scorecast.engine.event.EventBuilder;
import io.scorecast.engine.event.EventTime;
import io.scorecast.engine.event.InvalidEventException;
import io.scorecast.engine.problem.Nearest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The columns that a table of events may have: the fields of an event, {@code arrival}, {@code attributes} as JSON, and
 * {@code attributes.x} for one attribute each.
 */
final class EventColumns {

    private static final String ATTRIBUTE = "attributes.";
    private static final List<String> REQUIRED = List.of("id", "customer_id", "type", "time");

    /** What is no attribute in a table of one row a customer. */
    private static final Set<String> OF_WIDE = Set.of("customer_id", "time", "source", "arrival", "attributes");

    private static final Map<String, EventColumn> FIELDS = new LinkedHashMap<>();

    static {
        add(new Name("id", EventBuilder::id));
        add(new Name("customer_id", EventBuilder::customer));
        add(new Name("type", EventBuilder::type));
        add(new Time("time", EventBuilder::time));
        add(new Name("product_id", EventBuilder::product));
        add(new Name("category", EventBuilder::category));
        add(new Amount("value", EventBuilder::value));
        add(new Amount("quantity", EventBuilder::quantity));
        add(new Name("order_id", EventBuilder::order));
        add(new Name("session_id", EventBuilder::session));
        add(new Json());
        add(new Name("source", EventBuilder::source));
        add(new Time("arrival", EventBuilder::arrival));
    }

    private EventColumns() {}

    private static void add(EventColumn column) {
        FIELDS.put(column.name(), column);
    }

    /**
     * Finds the meaning of each column of a file.
     *
     * @throws EventFileException with every unknown, repeated or missing column
     */
    static TableColumns of(String file, List<String> names, TableShape shape) throws EventFileException {
        List<EventColumn> columns = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            String field = shape.columns().getOrDefault(name, name);
            EventColumn column = field.isEmpty() ? new Ignored(name) : column(field, shape.wide());
            if (column == null) {
                faults.add(Nearest.message("column", field, FIELDS.keySet())
                        + "; what a shop wants to keep goes into columns attributes.…");
            } else if (!field.isEmpty() && !seen.add(field)) {
                faults.add("column '" + field + "' is there twice");
            } else {
                columns.add(column);
            }
        }
        for (String name : shape.columns().keySet()) {
            if (!names.contains(name)) {
                faults.add("the mapping names " + Nearest.message("column", name, names));
            }
        }
        List<TableColumns.Default> defaults = new ArrayList<>();
        shape.defaults().forEach((field, text) -> {
            EventColumn column = FIELDS.containsKey(field) || field.startsWith(ATTRIBUTE) ? column(field, false) : null;
            if (column == null) {
                faults.add("the mapping's defaults name " + Nearest.message("field", field, FIELDS.keySet()));
            } else if (seen.add(field)) {
                defaults.add(new TableColumns.Default(column, text));
            }
        });
        for (String name : REQUIRED) {
            if (!seen.contains(name) && !(shape.wide() && name.equals("id"))) {
                faults.add("column '" + name + "' is missing");
            }
        }
        if (!faults.isEmpty()) {
            throw new EventFileException(file + ": " + String.join("; ", faults));
        }
        return new TableColumns(columns, defaults, shape.wide());
    }

    /** Null if there is no such field; of a wide table all others are attributes. */
    private static @Nullable EventColumn column(String field, boolean wide) {
        if (field.startsWith(ATTRIBUTE) && field.length() > ATTRIBUTE.length()) {
            return new Attribute(field, field.substring(ATTRIBUTE.length()));
        }
        return wide && !OF_WIDE.contains(field) ? new Attribute(ATTRIBUTE + field, field) : FIELDS.get(field);
    }

    /** A column that is left out, whatever is in it. */
    private record Ignored(String name) implements EventColumn {

        @Override
        public void text(EventRow row, String value) {}

        @Override
        public void whole(EventRow row, long value) {}

        @Override
        public void number(EventRow row, double value) {}

        @Override
        public void flag(EventRow row, boolean value) {}

        @Override
        public boolean isSaid() {
            return false;
        }
    }

    /** An id or another text; numbers are written out, as a table may hold ids as numbers. */
    private record Name(String name, BiConsumer<EventBuilder, String> setter) implements EventColumn {

        @Override
        public void text(EventRow row, String value) {
            setter.accept(row.event(), value);
        }

        @Override
        public void whole(EventRow row, long value) {
            text(row, Long.toString(value));
        }

        /** Whole ids become fractional ones in a column that pandas found a missing value in. */
        @Override
        public void number(EventRow row, double value) {
            if (value != Math.rint(value) || Math.abs(value) >= 0x1p53) {
                throw new InvalidEventException(name, name + " must be a text or a whole number, not " + value);
            }
            whole(row, (long) value);
        }
    }

    /** An instant: RFC 3339 or epoch milliseconds. */
    private record Time(String name, TimeSetter setter) implements EventColumn {

        @Override
        public boolean isTime() {
            return true;
        }

        @Override
        public void text(EventRow row, String value) {
            boolean isNumber =
                    !value.isEmpty() && value.length() < 18 && value.chars().allMatch(c -> c >= '0' && c <= '9');
            whole(row, isNumber ? Long.parseLong(value) : EventTime.parse(name, value));
        }

        @Override
        public void whole(EventRow row, long value) {
            setter.set(row.event(), value);
        }

        @Override
        public void number(EventRow row, double value) {
            whole(row, (long) Math.floor(value));
        }
    }

    @FunctionalInterface
    private interface TimeSetter {
        EventBuilder set(EventBuilder event, long millis);
    }

    private record Amount(String name, AmountSetter setter) implements EventColumn {

        @Override
        public void text(EventRow row, String value) {
            if (!Numbers.isNumber(value)) {
                throw new InvalidEventException(name, name + " must be a number, not '" + Numbers.shorten(value) + "'");
            }
            number(row, Double.parseDouble(value));
        }

        @Override
        public void whole(EventRow row, long value) {
            number(row, (double) value);
        }

        @Override
        public void number(EventRow row, double value) {
            setter.set(row.event(), value);
        }
    }

    @FunctionalInterface
    private interface AmountSetter {
        EventBuilder set(EventBuilder event, double amount);
    }

    /** All attributes of an event as one object of JSON. */
    private record Json() implements EventColumn {

        @Override
        public String name() {
            return "attributes";
        }

        @Override
        public void text(EventRow row, String value) {
            row.attributesJson(value);
        }

        @Override
        public void whole(EventRow row, long value) {
            throw new InvalidEventException("attributes", "attributes must be an object in JSON");
        }

        @Override
        public void number(EventRow row, double value) {
            whole(row, 0);
        }
    }

    /** One attribute. In CSV a cell that reads as a JSON number, true or false is one. */
    private record Attribute(String name, String path) implements EventColumn {

        @Override
        public void cell(EventRow row, String value) {
            if (Numbers.isJson(value)) {
                if (Numbers.isWhole(value)) {
                    whole(row, Long.parseLong(value));
                } else {
                    number(row, Double.parseDouble(value));
                }
            } else if (value.equals("true") || value.equals("false")) {
                flag(row, value.equals("true"));
            } else {
                text(row, value);
            }
        }

        @Override
        public void text(EventRow row, String value) {
            row.attribute(path, new AttributeValue.Text(value));
        }

        @Override
        public void whole(EventRow row, long value) {
            row.attribute(path, new AttributeValue.Whole(value));
        }

        @Override
        public void number(EventRow row, double value) {
            row.attribute(path, new AttributeValue.Decimal(value));
        }

        @Override
        public void flag(EventRow row, boolean value) {
            row.attribute(path, new AttributeValue.Flag(value));
        }
    }
}
