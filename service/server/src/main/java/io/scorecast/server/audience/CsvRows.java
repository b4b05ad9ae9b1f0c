package io.scorecast.server.audience;

import io.scorecast.engine.prediction.Prediction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** RFC 4180: commas, quotes where they are needed, lines that end in CR LF; an empty cell where there is no value. */
final class CsvRows implements Rows, Cells {

    private final Layout layout;
    private final Preset preset;
    private final JsonCells payload;
    private final boolean parquet;
    private Bytes out = new Bytes();

    CsvRows(Layout layout) {
        this.layout = layout;
        this.preset = layout.preset();
        this.payload = new JsonCells(preset);
        this.parquet = layout.format() == Output.Format.PARQUET;
    }

    @Override
    public byte[] header() {
        Bytes header = new Bytes();
        out = header;
        for (int i = 0; i < layout.columns().size(); i++) {
            separate(header, i == 0);
            text(layout.columns().get(i).name());
        }
        if (!layout.payload().isEmpty()) {
            separate(header, layout.columns().isEmpty());
            text(preset.payload());
        }
        header.put("\r\n");
        return header.copy();
    }

    private static void separate(Bytes out, boolean first) {
        if (!first) {
            out.put(',');
        }
    }

    @Override
    public void row(Prediction prediction, Bytes target) {
        write(prediction, target, false);
    }

    @Override
    public void cleared(Prediction prediction, Bytes target) {
        write(prediction, target, true);
    }

    private void write(Prediction prediction, Bytes target, boolean clear) {
        out = target;
        List<Layout.Column> columns = layout.columns();
        for (int i = 0; i < columns.size(); i++) {
            separate(target, i == 0);
            Field field = columns.get(i).field();
            if (clear && !isKept(field)) {
                clear(field);
            } else {
                field.value().accept(prediction, this);
            }
        }
        if (!layout.payload().isEmpty()) {
            separate(target, columns.isEmpty());
            text(clear ? payload.cleared(layout.payload()) : payload.of(prediction, layout.payload()));
        }
        target.put("\r\n");
    }

    /** What a row that clears still says. */
    static boolean isKept(Field field) {
        return field.name().equals(Field.CUSTOMER)
                || field.name().equals("personalized")
                || field.name().equals("as_of");
    }

    private void clear(Field field) {
        String text = field.kind() == Field.Kind.NUMBER ? preset.clearNumber() : preset.clearText();
        if (text != null) {
            text(text);
        }
    }

    @Override
    public void text(String value) {
        boolean quote = parquet && value.isEmpty();
        for (int i = 0; i < value.length() && !quote; i++) {
            char c = value.charAt(i);
            quote = c == ',' || c == '"' || c == '\n' || c == '\r';
        }
        if (quote) {
            out.put('"');
            out.put(value.replace("\"", "\"\""));
            out.put('"');
        } else {
            out.put(value);
        }
    }

    @Override
    public void number(double value) {
        out.put(Numbers.text(value));
    }

    @Override
    public void truth(boolean value) {
        text(parquet ? Boolean.toString(value) : preset.truths().get(value ? 0 : 1));
    }

    @Override
    public void texts(List<String> values) {
        text(String.join("|", values));
    }

    @Override
    public void instant(long millis) {
        Instant instant = Instant.ofEpochMilli(millis);
        text(
                preset.dates() == null || parquet
                        ? instant.toString()
                        : preset.dates().format(instant));
    }

    @Override
    public void nothing() {}

    static byte[] line(String... cells) {
        StringBuilder line = new StringBuilder();
        for (String cell : cells) {
            boolean quote = cell.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
            line.append(line.isEmpty() ? "" : ",").append(quote ? "\"" + cell.replace("\"", "\"\"") + "\"" : cell);
        }
        return line.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }
}
