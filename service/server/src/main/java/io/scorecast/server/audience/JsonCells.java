package io.scorecast.server.audience;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.scorecast.engine.prediction.Prediction;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;

/** Flat fields as one JSON object; what has no value is left out. Owned by one thread. */
final class JsonCells implements Cells {

    private static final JsonFactory FACTORY = new JsonFactory();

    private final Preset preset;
    private JsonGenerator json = generator(new StringWriter());
    private String name = "";

    JsonCells(Preset preset) {
        this.preset = preset;
    }

    private static JsonGenerator generator(StringWriter text) {
        try {
            return FACTORY.createGenerator(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FunctionalInterface
    private interface Content {
        void write(JsonGenerator json) throws IOException;
    }

    private String object(Content content) {
        StringWriter text = new StringWriter(256);
        try (JsonGenerator opened = generator(text)) {
            json = opened;
            opened.writeStartObject();
            content.write(opened);
            opened.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return text.toString();
    }

    String of(Prediction prediction, List<Field> fields) {
        return object(out -> {
            for (Field field : fields) {
                member(field.name(), field, prediction);
            }
        });
    }

    /** The columns under the names that they have in the file. */
    String named(Prediction prediction, List<Layout.Column> columns) {
        return object(out -> {
            for (Layout.Column column : columns) {
                member(column.name(), column.field(), prediction);
            }
        });
    }

    /** The same with nothing but who it is about: every other field null, or what the preset clears it with. */
    String namedCleared(Prediction prediction, List<Layout.Column> columns) {
        return object(out -> {
            for (Layout.Column column : columns) {
                if (CsvRows.isKept(column.field())) {
                    member(column.name(), column.field(), prediction);
                } else {
                    clear(column.name(), column.field(), out);
                }
            }
        });
    }

    String cleared(List<Field> fields) {
        return object(out -> {
            for (Field field : fields) {
                clear(field.name(), field, out);
            }
        });
    }

    private void clear(String member, Field field, JsonGenerator out) throws IOException {
        String text = field.kind() == Field.Kind.NUMBER ? preset.clearNumber() : preset.clearText();
        out.writeFieldName(member);
        if (text == null) {
            out.writeNull();
        } else if (field.kind() == Field.Kind.NUMBER) {
            out.writeRawValue(text);
        } else {
            out.writeString(text);
        }
    }

    private void member(String member, Field field, Prediction prediction) {
        name = member;
        field.value().accept(prediction, this);
    }

    private void put(Content content) {
        try {
            json.writeFieldName(name);
            content.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
    }

    @Override
    public void text(String value) {
        put(out -> out.writeString(value));
    }

    @Override
    public void number(double value) {
        put(out -> out.writeRawValue(Numbers.text(value)));
    }

    @Override
    public void truth(boolean value) {
        put(out -> out.writeBoolean(value));
    }

    @Override
    public void texts(List<String> values) {
        put(out -> {
            out.writeStartArray();
            for (String value : values) {
                out.writeString(value);
            }
            out.writeEndArray();
        });
    }

    @Override
    public void instant(long millis) {
        Instant instant = Instant.ofEpochMilli(millis);
        text(preset.dates() == null ? instant.toString() : preset.dates().format(instant));
    }

    @Override
    public void nothing() {}
}
