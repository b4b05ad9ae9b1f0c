package io.scorecast.server.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.scorecast.engine.model.TensorSpec;
import io.scorecast.server.inference.Rows;
import java.io.IOException;

/** Reads the numbers of one tensor from JSON: flat, or nested as the shape is. */
final class TensorReader {

    private final InferenceHeader.Input input;
    private final Datatype type;
    private final Rows rows;
    private final int index;
    private final int size;
    private int count;

    TensorReader(TensorSpec spec, InferenceHeader.Input input, Rows rows, int index) {
        this.input = input;
        this.type = Datatype.of(spec);
        this.rows = rows;
        this.index = index;
        this.size = rows.count() * spec.width();
    }

    /** Reads an array that begins at a place of the body. */
    void read(byte[] body, int start, int length) throws IOException {
        try (JsonParser parser = InferenceHeader.FACTORY.createParser(body, start, length)) {
            parser.nextToken();
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_ARRAY && input.shape().size() > 1) {
                nested(parser, 0);
            } else {
                flat(parser);
            }
        }
        if (count != size) {
            throw refusal("has " + count + " numbers, expected " + size + " for the shape " + input.shape());
        }
    }

    private void flat(JsonParser parser) throws IOException {
        while (parser.currentToken() != JsonToken.END_ARRAY) {
            put(parser);
            parser.nextToken();
        }
    }

    /** The children of an array of one dimension, the first being at hand. */
    private void nested(JsonParser parser, int dimension) throws IOException {
        long children = 0;
        boolean last = dimension == input.shape().size() - 1;
        while (parser.currentToken() != JsonToken.END_ARRAY) {
            children++;
            if (last) {
                put(parser);
            } else if (parser.currentToken() == JsonToken.START_ARRAY) {
                parser.nextToken();
                nested(parser, dimension + 1);
            } else {
                throw refusal("has data that is not nested as its shape " + input.shape() + " is");
            }
            parser.nextToken();
        }
        if (children != input.shape().get(dimension)) {
            throw refusal("has an array of " + children + " in dimension " + dimension + " (from 0) of its data, its"
                    + " shape is " + input.shape());
        }
    }

    private void put(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (count >= size) {
            throw refusal("has more than the " + size + " numbers of its shape " + input.shape());
        }
        switch (token) {
            case VALUE_NULL -> missing();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
            default -> throw refusal("has " + word(token) + " at place " + count + " (from 0), expected " + type);
        }
        count++;
    }

    private void missing() {
        switch (type) {
            case FP16, FP32 -> rows.floats(index)[count] = Float.NaN;
            case FP64 -> rows.doubles(index)[count] = Double.NaN;
            case INT32, INT64 -> rows.longs(index)[count] = 0;
        }
    }

    private void number(JsonParser parser) throws IOException {
        switch (type) {
            case FP16, FP32 -> rows.floats(index)[count] = parser.getFloatValue();
            case FP64 -> rows.doubles(index)[count] = parser.getDoubleValue();
            case INT32, INT64 -> rows.longs(index)[count] = whole(parser);
        }
    }

    private long whole(JsonParser parser) throws IOException {
        boolean integer = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        boolean fits = integer && (type == Datatype.INT64 || parser.getNumberType() == JsonParser.NumberType.INT);
        if (!fits) {
            throw refusal("has " + parser.getText() + " at place " + count + " (from 0), expected " + type);
        }
        return parser.getLongValue();
    }

    private static String word(JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> "a string";
            case VALUE_TRUE, VALUE_FALSE -> "a truth value";
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            default -> "something else";
        };
    }

    private ApiException refusal(String what) {
        return ApiException.badRequest("inputs", "the input '" + input.name() + "' " + what);
    }
}
