package io.scorecast.engine.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Attribute values from JSON and back. */
final class AttributeJson {

    private AttributeJson() {}

    /** Reads the object that the parser stands at the start of. */
    static EventAttributes read(JsonParser parser) throws IOException {
        return EventAttributes.of(readObject(parser, "attributes", 1));
    }

    private static Map<String, AttributeValue> readObject(JsonParser parser, String path, int depth)
            throws IOException {
        checkDepth(depth);
        Map<String, AttributeValue> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            String memberPath = path + '.' + name;
            if (members.put(name, readValue(parser, memberPath, depth)) != null) {
                throw new InvalidEventException(memberPath, Texts.quote(memberPath) + " is given twice");
            }
        }
        return members;
    }

    static AttributeValue readValue(JsonParser parser, String path, int depth) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, AttributeValue> members = readObject(parser, path, depth + 1);
                yield members.isEmpty() ? AttributeValue.EMPTY : new AttributeValue.Members(members);
            }
            case START_ARRAY -> readList(parser, path, depth + 1);
            case VALUE_STRING -> new AttributeValue.Text(parser.getText());
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? new AttributeValue.Big(parser.getBigIntegerValue())
                        : new AttributeValue.Whole(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> new AttributeValue.Decimal(parser.getDoubleValue());
            case VALUE_TRUE -> new AttributeValue.Flag(true);
            case VALUE_FALSE -> new AttributeValue.Flag(false);
            case VALUE_NULL -> AttributeValue.NULL;
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException("a JSON parser cannot stand at " + parser.currentToken() + " here");
        };
    }

    private static AttributeValue readList(JsonParser parser, String path, int depth) throws IOException {
        checkDepth(depth);
        List<AttributeValue> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(readValue(parser, path, depth));
        }
        return new AttributeValue.Items(items);
    }

    /** Here too, not only in {@link AttributeChecks}: what cannot be kept must not cost stack. */
    private static void checkDepth(int depth) {
        if (depth > EventAttributes.MAX_DEPTH) {
            throw new InvalidEventException(
                    "attributes", "attributes are nested deeper than " + EventAttributes.MAX_DEPTH);
        }
    }

    static void write(AttributeValue value, JsonGenerator out) throws IOException {
        switch (value) {
            case AttributeValue.Text text -> out.writeString(text.value());
            case AttributeValue.Whole number -> out.writeNumber(number.value());
            case AttributeValue.Big number -> out.writeNumber(number.value());
            case AttributeValue.Decimal number -> out.writeNumber(number.value());
            case AttributeValue.Flag flag -> out.writeBoolean(flag.value());
            case AttributeValue.Null nothing -> out.writeNull();
            case AttributeValue.Items list -> {
                out.writeStartArray();
                for (AttributeValue item : list.items()) {
                    write(item, out);
                }
                out.writeEndArray();
            }
            case AttributeValue.Members object -> {
                out.writeStartObject();
                for (Map.Entry<String, AttributeValue> member : object.members().entrySet()) {
                    out.writeFieldName(member.getKey());
                    write(member.getValue(), out);
                }
                out.writeEndObject();
            }
        }
    }
}
