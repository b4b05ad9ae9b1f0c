package io.scorecast.server.audience;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as maps, lists, texts, numbers and truth values: for the small files that jobs keep. */
final class Plain {

    private static final JsonFactory FACTORY = new JsonFactory();

    private Plain() {}

    static byte[] bytes(Map<String, ?> members) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(1024)) {
            try (JsonGenerator out = FACTORY.createGenerator(bytes).useDefaultPrettyPrinter()) {
                write(members, out);
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
    }

    private static void write(@Nullable Object value, JsonGenerator out) throws IOException {
        switch (value) {
            case null -> out.writeNull();
            case Integer number -> out.writeNumber(number);
            case Long number -> out.writeNumber(number);
            case Double number -> out.writeNumber(number);
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

    /**
     * Reads an object.
     *
     * @throws IOException if it is none
     */
    static Map<String, Object> read(byte[] json) throws IOException {
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            return object(parser);
        }
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            Object value = value(parser);
            if (value != null) {
                members.put(name, value);
            }
        }
        return members;
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    Object item = value(parser);
                    if (item != null) {
                        items.add(item);
                    }
                }
                yield items;
            }
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> parser.getText();
        };
    }

    /** A member with a text as it stands in JSON without spaces. */
    static String member(String name, String text) {
        return "\"" + name + "\":\""
                + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
    }

    static String text(Map<String, ?> members, String name) {
        return members.get(name) instanceof String text ? text : "";
    }

    static long number(Map<String, ?> members, String name) {
        return members.get(name) instanceof Number number ? number.longValue() : 0;
    }

    /** Another object within; an empty one if there is none. */
    static Map<String, Object> map(Map<String, ?> members, String name) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (members.get(name) instanceof Map<?, ?> found) {
            found.forEach((key, value) -> map.put(String.valueOf(key), value));
        }
        return map;
    }

    static List<Object> list(Map<String, ?> members, String name) {
        return members.get(name) instanceof List<?> found ? List.copyOf(found) : List.of();
    }
}
