package io.scorecast.server.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.scorecast.engine.event.EventError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the JSON of answers that are not predictions. */
final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** Writes to a generator. */
    @FunctionalInterface
    interface Content {
        void write(JsonGenerator out) throws IOException;
    }

    /** The bytes of what is written. */
    static byte[] bytes(Content content) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(512)) {
            try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
                content.write(out);
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
    }

    /** The field {@code errors}: events that were not taken. */
    static void writeErrors(List<EventError> errors, JsonGenerator out) throws IOException {
        writeErrors("errors", errors, out);
    }

    /** The same by another name. */
    static void writeErrors(String name, List<EventError> errors, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart(name);
        for (EventError error : errors) {
            out.writeStartObject();
            out.writeNumberField("index", error.index());
            if (!error.field().isEmpty()) {
                out.writeStringField("field", error.field());
            }
            out.writeStringField("detail", error.detail());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /** The field {@code errors}: everything that is wrong with a version, each with its place. */
    static void writeReasons(List<io.scorecast.engine.problem.Problem> reasons, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("errors");
        for (io.scorecast.engine.problem.Problem reason : reasons) {
            out.writeStartObject();
            out.writeStringField("source", reason.source());
            if (reason.line() > 0) {
                out.writeNumberField("line", reason.line());
            }
            if (reason.column() > 0) {
                out.writeNumberField("column", reason.column());
            }
            out.writeStringField("detail", reason.message());
            if (!reason.snippet().isEmpty()) {
                out.writeStringField("snippet", reason.snippet());
            }
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /** A number, text, truth value, list or map of them, or null; a number that is not finite becomes null. */
    static void write(@Nullable Object value, JsonGenerator out) throws IOException {
        switch (value) {
            case null -> out.writeNull();
            case Double number when !Double.isFinite(number) -> out.writeNull();
            case Double number -> out.writeNumber(number);
            case Number number -> out.writeNumber(number.toString());
            case Boolean truth -> out.writeBoolean(truth);
            case Collection<?> items -> {
                out.writeStartArray();
                for (Object item : items) {
                    write(item, out);
                }
                out.writeEndArray();
            }
            case Map<?, ?> members -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> member : members.entrySet()) {
                    out.writeFieldName(String.valueOf(member.getKey()));
                    write(member.getValue(), out);
                }
                out.writeEndObject();
            }
            default -> out.writeString(value.toString());
        }
    }
}
