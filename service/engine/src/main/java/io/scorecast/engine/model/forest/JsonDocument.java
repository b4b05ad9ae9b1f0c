package io.scorecast.engine.model.forest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A model written as JSON. */
final class JsonDocument extends Document {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(64)
                    .build())
            .build();

    private final JsonParser parser;

    /** What was read but not yet consumed; null if the next token is to be fetched. */
    private @Nullable JsonToken pending;

    JsonDocument(byte[] content) throws IOException {
        parser = FACTORY.createParser(content);
    }

    private @Nullable JsonToken next() throws IOException, MalformedModel {
        JsonToken token = pending;
        if (token != null) {
            pending = null;
            return token;
        }
        try {
            return parser.nextToken();
        } catch (JsonProcessingException e) {
            throw fault(e.getOriginalMessage().lines().findFirst().orElse("no JSON"));
        }
    }

    private void expect(JsonToken wanted, String word) throws IOException, MalformedModel {
        JsonToken token = next();
        if (token != wanted) {
            throw fault("expected " + word + ", found " + found(token));
        }
    }

    private static String found(@Nullable JsonToken token) {
        if (token == null) {
            return "the end of the file";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a text";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NULL -> "null";
            case END_ARRAY, END_OBJECT, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "something else";
        };
    }

    @Override
    void beginObject() throws IOException, MalformedModel {
        expect(JsonToken.START_OBJECT, "an object");
    }

    @Override
    @Nullable
    String nextName() throws IOException, MalformedModel {
        return next() == JsonToken.FIELD_NAME ? parser.currentName() : null;
    }

    @Override
    void beginArray() throws IOException, MalformedModel {
        expect(JsonToken.START_ARRAY, "an array");
    }

    @Override
    boolean nextElement() throws IOException, MalformedModel {
        JsonToken token = next();
        if (token == JsonToken.END_ARRAY) {
            return false;
        }
        pending = token;
        return true;
    }

    @Override
    boolean atArray() throws IOException, MalformedModel {
        pending = next();
        return pending == JsonToken.START_ARRAY;
    }

    @Override
    String text() throws IOException, MalformedModel {
        JsonToken token = next();
        if (token == null || !token.isScalarValue() || token == JsonToken.VALUE_NULL) {
            throw fault("expected a text or a number, found " + found(token));
        }
        return scalar();
    }

    private String scalar() throws IOException, MalformedModel {
        try {
            return parser.getText();
        } catch (JsonProcessingException e) {
            throw fault(e.getOriginalMessage().lines().findFirst().orElse("no text"));
        }
    }

    @Override
    int[] ints() throws IOException, MalformedModel {
        beginArray();
        int[] numbers = new int[16];
        int count = 0;
        for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            numbers[count++] = whole(token);
        }
        return Arrays.copyOf(numbers, count);
    }

    private int whole(@Nullable JsonToken token) throws IOException, MalformedModel {
        if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            return token == JsonToken.VALUE_TRUE ? 1 : 0;
        }
        if (token != JsonToken.VALUE_NUMBER_INT) {
            throw fault("expected a whole number, found " + found(token));
        }
        String text = scalar();
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw fault("the number " + text + " is out of range");
        }
    }

    @Override
    float[] floats() throws IOException, MalformedModel {
        beginArray();
        float[] numbers = new float[16];
        int count = 0;
        for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
            if (token != JsonToken.VALUE_NUMBER_FLOAT && token != JsonToken.VALUE_NUMBER_INT) {
                throw fault("expected a number, found " + found(token));
            }
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            // From the text, so that it is rounded once; through a double it would be rounded twice.
            String text = scalar();
            try {
                numbers[count++] = Float.parseFloat(text);
            } catch (NumberFormatException e) {
                throw fault("expected a number, found " + text);
            }
        }
        return Arrays.copyOf(numbers, count);
    }

    @Override
    void skip() throws IOException, MalformedModel {
        JsonToken token = next();
        if (token == null) {
            throw fault("the file ends too early");
        }
        int open = token.isStructStart() ? 1 : 0;
        while (open > 0) {
            token = next();
            if (token == null) {
                throw fault("the file ends too early");
            }
            open += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        }
    }

    @Override
    void end() throws IOException, MalformedModel {
        if (next() != null) {
            throw fault("something follows the model");
        }
    }

    @Override
    MalformedModel fault(String message) {
        JsonLocation at = parser.currentLocation();
        return new MalformedModel(place() + ": " + message, at.getLineNr(), at.getColumnNr());
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
