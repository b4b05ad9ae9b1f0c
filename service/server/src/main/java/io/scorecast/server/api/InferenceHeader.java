package io.scorecast.server.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of an inference request, but for the numbers of its tensors, which are read once it is known what they must be.
 * What the protocol does not name is passed over, as callers of other servers send more.
 *
 * @param id the caller's own, given back; null without one
 * @param binaryOutput whether outputs are binary that do not say otherwise
 * @param outputs null for all
 */
record InferenceHeader(
        @Nullable String id,
        boolean binaryOutput,
        List<Input> inputs,
        @Nullable List<Output> outputs) {

    /** Python writes a missing number as NaN. */
    static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    /**
     * A tensor that was sent.
     *
     * @param data where its numbers begin in the JSON; -1 if they are not there
     * @param binarySize bytes of its binary data; -1 without any
     */
    record Input(String name, String datatype, List<Long> shape, long data, long binarySize) {}

    /**
     * A tensor that is wanted.
     *
     * @param binary null if it does not say
     */
    record Output(String name, @Nullable Boolean binary) {}

    static InferenceHeader read(byte[] body, int length) {
        try (JsonParser parser = FACTORY.createParser(body, 0, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw ApiException.badRequest(null, "the body is not a JSON object");
            }
            InferenceHeader header = readObject(parser);
            if (parser.nextToken() != null) {
                throw ApiException.badRequest(null, "there is more after the end of the JSON");
            }
            return header;
        } catch (JsonProcessingException e) {
            throw ApiException.badRequest(null, "the body is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw ApiException.badRequest(null, "the body is not valid JSON: " + e.getMessage());
        }
    }

    private static InferenceHeader readObject(JsonParser parser) throws IOException {
        String id = null;
        boolean binaryOutput = false;
        List<Input> inputs = null;
        List<Output> outputs = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (field) {
                case "id" -> id = text(parser, "id");
                case "parameters" ->
                    binaryOutput =
                            Boolean.TRUE.equals(readParameters(parser, "").binaryOutput());
                case "inputs" -> {
                    inputs = new ArrayList<>();
                    expect(value, JsonToken.START_ARRAY, "inputs", "an array of tensors");
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        inputs.add(readInput(parser, "inputs[" + inputs.size() + "]"));
                    }
                }
                case "outputs" -> {
                    outputs = new ArrayList<>();
                    expect(value, JsonToken.START_ARRAY, "outputs", "an array of tensors");
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        outputs.add(readOutput(parser, "outputs[" + outputs.size() + "]"));
                    }
                }
                default -> parser.skipChildren();
            }
        }
        if (inputs == null) {
            throw ApiException.badRequest("inputs", "inputs is missing");
        }
        return new InferenceHeader(id, binaryOutput, inputs, outputs);
    }

    private static Input readInput(JsonParser parser, String place) throws IOException {
        expect(parser.currentToken(), JsonToken.START_OBJECT, place, "an object");
        String name = null;
        String datatype = null;
        List<Long> shape = null;
        long data = -1;
        long binarySize = -1;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "name" -> name = text(parser, place + ".name");
                case "datatype" -> datatype = text(parser, place + ".datatype");
                case "shape" -> shape = readShape(parser, place + ".shape");
                case "parameters" -> binarySize = readParameters(parser, place).binarySize();
                case "data" -> {
                    expect(parser.currentToken(), JsonToken.START_ARRAY, place + ".data", "an array");
                    data = parser.currentTokenLocation().getByteOffset();
                    if (data < 0) {
                        throw ApiException.badRequest(null, "the body is not UTF-8");
                    }
                    parser.skipChildren();
                }
                default -> parser.skipChildren();
            }
        }
        return new Input(
                given(name, place + ".name"),
                given(datatype, place + ".datatype"),
                given(shape, place + ".shape"),
                data,
                binarySize);
    }

    private static Output readOutput(JsonParser parser, String place) throws IOException {
        expect(parser.currentToken(), JsonToken.START_OBJECT, place, "an object");
        String name = null;
        Boolean binary = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "name" -> name = text(parser, place + ".name");
                case "parameters" -> binary = readParameters(parser, place).binary();
                default -> parser.skipChildren();
            }
        }
        return new Output(given(name, place + ".name"), binary);
    }

    /** What parameters can say, wherever they stand. */
    private record Settings(
            long binarySize,
            @Nullable Boolean binary,
            @Nullable Boolean binaryOutput) {}

    private static Settings readParameters(JsonParser parser, String place) throws IOException {
        String prefix = place.isEmpty() ? "parameters" : place + ".parameters";
        expect(parser.currentToken(), JsonToken.START_OBJECT, prefix, "an object");
        long size = -1;
        Boolean binary = null;
        Boolean binaryOutput = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (field) {
                case "binary_data_size" -> {
                    expect(value, JsonToken.VALUE_NUMBER_INT, prefix + "." + field, "a whole number");
                    size = parser.getLongValue();
                    if (size < 0) {
                        throw ApiException.badRequest(prefix + "." + field, prefix + "." + field + " is negative");
                    }
                }
                case "binary_data" -> binary = truth(parser, prefix + "." + field);
                case "binary_data_output" -> binaryOutput = truth(parser, prefix + "." + field);
                case "classification", "shared_memory_region" ->
                    throw ApiException.badRequest(
                            prefix + "." + field, prefix + "." + field + ": this extension is not supported");
                default -> parser.skipChildren();
            }
        }
        return new Settings(size, binary, binaryOutput);
    }

    private static List<Long> readShape(JsonParser parser, String place) throws IOException {
        expect(parser.currentToken(), JsonToken.START_ARRAY, place, "an array of whole numbers");
        List<Long> shape = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, place, "an array of whole numbers");
            shape.add(parser.getLongValue());
        }
        return shape;
    }

    private static Boolean truth(JsonParser parser, String place) throws IOException {
        if (!parser.currentToken().isBoolean()) {
            throw ApiException.badRequest(place, place + " is neither true nor false");
        }
        return parser.getBooleanValue();
    }

    private static String text(JsonParser parser, String place) throws IOException {
        expect(parser.currentToken(), JsonToken.VALUE_STRING, place, "a string");
        return parser.getText();
    }

    private static void expect(@Nullable JsonToken found, JsonToken wanted, String place, String what) {
        if (found != wanted) {
            throw ApiException.badRequest(place, place + " is not " + what);
        }
    }

    private static <T> T given(@Nullable T value, String place) {
        if (value == null) {
            throw ApiException.badRequest(place, place + " is missing");
        }
        return value;
    }
}
