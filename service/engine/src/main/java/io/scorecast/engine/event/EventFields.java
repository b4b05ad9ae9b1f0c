package io.scorecast.engine.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.scorecast.engine.problem.Nearest;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the fields of one event object into a builder. */
final class EventFields {

    static final List<String> NAMES = List.of(
            "id",
            "customer_id",
            "type",
            "time",
            "product_id",
            "category",
            "value",
            "quantity",
            "order_id",
            "session_id",
            "attributes",
            "source");

    /** In files an event may say when it arrived. */
    private static final List<String> NAMES_WITH_ARRIVAL =
            Stream.concat(NAMES.stream(), Stream.of("arrival")).toList();

    private EventFields() {}

    /** Reads to the end of the object that the parser stands at the start of. */
    static void read(JsonParser parser, boolean allowsArrival, EventBuilder event) throws IOException {
        List<String> names = allowsArrival ? NAMES_WITH_ARRIVAL : NAMES;
        int seen = 0;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            int field = names.indexOf(name);
            if (field < 0) {
                throw new InvalidEventException(Texts.shorten(name), unknown(name, names));
            }
            if ((seen & (1 << field)) != 0) {
                throw new InvalidEventException(name, name + " is given twice");
            }
            seen |= 1 << field;
            parser.nextToken();
            take(name, parser, event);
        }
    }

    private static String unknown(String name, List<String> names) {
        return Nearest.message("event field", Texts.shorten(name), names)
                + "; what a shop wants to keep goes into attributes";
    }

    private static void take(String name, JsonParser parser, EventBuilder event) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return; // as if the field were not there; the builder says which ones must be
        }
        switch (name) {
            case "id" -> event.id(text(name, parser));
            case "customer_id" -> event.customer(text(name, parser));
            case "type" -> event.type(text(name, parser));
            case "time" -> event.time(time(name, parser));
            case "product_id" -> event.product(text(name, parser));
            case "category" -> event.category(text(name, parser));
            case "value" -> event.value(number(name, parser));
            case "quantity" -> event.quantity(number(name, parser));
            case "order_id" -> event.order(text(name, parser));
            case "session_id" -> event.session(text(name, parser));
            case "attributes" -> {
                if (parser.currentToken() != JsonToken.START_OBJECT) {
                    throw wrongType(name, "an object", parser.currentToken());
                }
                event.attributes(AttributeJson.read(parser));
            }
            case "arrival" -> event.arrival(time(name, parser));
            case "source" -> event.source(text(name, parser));
            default -> throw new IllegalStateException(name);
        }
    }

    private static String text(String name, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw wrongType(name, "a text", parser.currentToken());
        }
        return parser.getText();
    }

    private static double number(String name, JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            throw wrongType(name, "a number", token);
        }
        return parser.getDoubleValue();
    }

    private static long time(String name, JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING) {
            return EventTime.parse(name, parser.getText());
        }
        if (token == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return parser.getLongValue();
        }
        if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            return EventTime.ofNumber(name, parser.getDoubleValue());
        }
        throw wrongType(name, "RFC 3339 text or epoch milliseconds", token);
    }

    private static InvalidEventException wrongType(String name, String wanted, @Nullable JsonToken token) {
        return new InvalidEventException(name, name + " must be " + wanted + ", not " + describe(token));
    }

    static String describe(@Nullable JsonToken token) {
        if (token == null) {
            return "nothing";
        }
        return switch (token) {
            case START_OBJECT, END_OBJECT -> "an object";
            case START_ARRAY, END_ARRAY -> "a list";
            case VALUE_STRING -> "a text";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NULL -> "null";
            case FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> token.toString();
        };
    }
}
