package io.scorecast.server.catalogue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.EventAttributes;
import io.scorecast.engine.event.EventError;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.event.InvalidEventException;
import io.scorecast.engine.problem.Nearest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Products from JSON and back. */
public final class ProductJson {

    private static final List<String> FIELDS =
            List.of("product_id", "category", "title", "url", "image", "price", "in_stock", "attributes");

    private static final int MAX_TEXT = 2_048;
    private static final JsonFactory FACTORY = new JsonFactory();

    private ProductJson() {}

    /**
     * Reads the product that the parser stands at the start of, and leaves the parser at its end.
     *
     * @param index of the product in the body
     * @param products takes its JSON, as it is to be kept, by its id
     * @param errors takes what is wrong with it
     * @throws IOException if the text is no JSON
     */
    public static void read(JsonParser parser, int index, Map<String, byte[]> products, List<EventError> errors)
            throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            errors.add(new EventError(index, "", "a product is an object"));
            return;
        }
        int depth = parser.getParsingContext().getNestingDepth();
        try {
            Map<String, Object> fields = fields(parser);
            if (!(fields.get("product_id") instanceof String id)) {
                throw new InvalidEventException("product_id", "product_id is missing");
            }
            products.put(id, write(fields));
        } catch (InvalidEventException e) {
            while (parser.currentToken() != JsonToken.END_OBJECT
                    || parser.getParsingContext().getNestingDepth() >= depth) {
                if (parser.nextToken() == null) {
                    break;
                }
            }
            errors.add(new EventError(index, e.field(), e.detail()));
        }
    }

    private static Map<String, Object> fields(JsonParser parser) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            if (!FIELDS.contains(name)) {
                throw new InvalidEventException(
                        name,
                        Nearest.message("product field", name, FIELDS)
                                + "; what a shop wants to keep goes into attributes");
            }
            if (!seen.add(name)) {
                throw new InvalidEventException(name, name + " is given twice");
            }
            JsonToken token = parser.nextToken();
            if (token == JsonToken.VALUE_NULL) {
                continue; // as if the field were not there
            }
            fields.put(
                    name,
                    switch (name) {
                        case "price" -> price(parser);
                        case "in_stock" -> {
                            if (!token.isBoolean()) {
                                throw new InvalidEventException(name, "in_stock must be true or false");
                            }
                            yield parser.getBooleanValue();
                        }
                        case "attributes" -> {
                            if (token != JsonToken.START_OBJECT) {
                                throw new InvalidEventException(name, "attributes must be an object");
                            }
                            yield EventJson.readAttributes(parser);
                        }
                        default -> text(name, parser);
                    });
        }
        return fields;
    }

    private static double price(JsonParser parser) throws IOException {
        double price = parser.currentToken().isNumeric() ? parser.getDoubleValue() : Double.NaN;
        if (!Double.isFinite(price) || price < 0) {
            throw new InvalidEventException("price", "price must be a number of 0 or more");
        }
        return price;
    }

    private static String text(String name, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new InvalidEventException(name, name + " must be a text");
        }
        String text = parser.getText();
        if (name.equals("product_id")) {
            try {
                return CustomerId.of(text).value(); // the same bounds
            } catch (InvalidEventException e) {
                throw new InvalidEventException(name, e.detail().replace("customer_id", name));
            }
        }
        if (text.length() > MAX_TEXT) {
            throw new InvalidEventException(name, name + " has more than " + MAX_TEXT + " characters");
        }
        return text;
    }

    private static byte[] write(Map<String, Object> fields) throws IOException {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(256)) {
            try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
                out.writeStartObject();
                for (String name : FIELDS) {
                    switch (fields.get(name)) {
                        case null -> {}
                        case String text -> out.writeStringField(name, text);
                        case Double number -> out.writeNumberField(name, number);
                        case Boolean truth -> out.writeBooleanField(name, truth);
                        case EventAttributes attributes -> {
                            out.writeFieldName(name);
                            EventJson.write(attributes.nested(), out);
                        }
                        default -> throw new IllegalStateException(name);
                    }
                }
                out.writeEndObject();
            }
            return bytes.toByteArray();
        }
    }

    /** What an answer needs of a product that was kept. */
    static Product product(byte[] json) {
        String[] texts = {"", "", "", ""};
        double price = Double.NaN;
        boolean inStock = true;
        try (JsonParser parser = EventJson.FACTORY.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                int field = FIELDS.indexOf(parser.currentName());
                JsonToken token = parser.nextToken();
                if (token == JsonToken.VALUE_STRING && field >= 1 && field <= texts.length) {
                    texts[field - 1] = parser.getText();
                } else if (token.isNumeric()) {
                    price = parser.getDoubleValue();
                } else if (token.isBoolean()) {
                    inStock = parser.getBooleanValue();
                }
                parser.skipChildren();
            }
        } catch (JsonProcessingException e) {
            return new Product("", "", "", "", Double.NaN, true);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory cannot fail", e);
        }
        return new Product(texts[0], texts[1], texts[2], texts[3], price, inStock);
    }
}
