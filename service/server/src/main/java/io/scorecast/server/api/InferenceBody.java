package io.scorecast.server.api;

import io.scorecast.engine.model.ModelSignature;
import io.scorecast.engine.model.TensorSpec;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.server.inference.Rows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The body of an inference request: JSON, and behind it the binary data of the tensors that have some. */
final class InferenceBody {

    /** The most rows of a request. */
    static final int MAX_ROWS = 100_000;

    /** The most numbers of an input. */
    private static final int MAX_NUMBERS = 8 << 20;

    private final byte[] body;
    private final int jsonLength;
    private final InferenceHeader header;

    private InferenceBody(byte[] body, int jsonLength, InferenceHeader header) {
        this.body = body;
        this.jsonLength = jsonLength;
        this.header = header;
    }

    /**
     * Reads what comes before the numbers.
     *
     * @param jsonLength bytes of JSON at the start, the rest being binary data
     */
    static InferenceBody read(byte[] body, int jsonLength) {
        return new InferenceBody(body, jsonLength, InferenceHeader.read(body, jsonLength));
    }

    InferenceHeader header() {
        return header;
    }

    /** The tensors that a model takes, in its order. */
    Rows rows(ModelSignature signature) {
        List<TensorSpec> specs = signature.inputs();
        List<String> known = specs.stream().map(TensorSpec::name).toList();
        Map<String, InferenceHeader.Input> given = new HashMap<>();
        Map<String, Integer> binaryAt = new HashMap<>();
        long at = jsonLength;
        for (InferenceHeader.Input input : header.inputs()) {
            if (!known.contains(input.name())) {
                throw ApiException.badRequest("inputs", Nearest.message("input", input.name(), known));
            }
            if (given.put(input.name(), input) != null) {
                throw ApiException.badRequest("inputs", "the input '" + input.name() + "' is there twice");
            }
            if (input.binarySize() >= 0) {
                binaryAt.put(input.name(), Math.toIntExact(at));
                if (input.binarySize() > body.length - at) {
                    throw ApiException.badRequest(
                            "inputs",
                            "the input '" + input.name() + "' has a binary_data_size of " + input.binarySize()
                                    + ", but " + (body.length - at) + " bytes of binary data are left for it");
                }
                at += input.binarySize();
            }
        }
        if (at != body.length) {
            throw ApiException.badRequest(
                    null, "there are " + (body.length - at) + " bytes of binary data that no input claims");
        }
        Rows rows = Rows.allocate(specs, rows(specs, given));
        for (int i = 0; i < specs.size(); i++) {
            InferenceHeader.Input input = given(specs.get(i), given);
            if (input.binarySize() >= 0) {
                readBinary(specs.get(i), input, binaryAt.getOrDefault(input.name(), jsonLength), rows, i);
            } else if (input.data() >= 0) {
                readJson(specs.get(i), input, rows, i);
            } else {
                throw ApiException.badRequest(
                        "inputs", "the input '" + input.name() + "' has neither data nor a binary_data_size");
            }
        }
        return rows;
    }

    private static InferenceHeader.Input given(TensorSpec spec, Map<String, InferenceHeader.Input> given) {
        InferenceHeader.Input input = given.get(spec.name());
        if (input == null) {
            throw ApiException.badRequest(
                    "inputs", "the input '" + spec.name() + "' is missing: " + Datatype.of(spec) + " " + shape(spec));
        }
        return input;
    }

    private static String shape(TensorSpec spec) {
        return Datatype.shape(spec, -1).toString();
    }

    /** The number of rows, which all tensors share. */
    private static int rows(List<TensorSpec> specs, Map<String, InferenceHeader.Input> given) {
        int rows = -1;
        for (TensorSpec spec : specs) {
            InferenceHeader.Input input = given(spec, given);
            String refusal = "the input '" + input.name() + "' ";
            if (!Datatype.of(spec).name().equals(input.datatype())) {
                throw ApiException.badRequest(
                        "inputs", refusal + "has the datatype " + input.datatype() + ", expected " + Datatype.of(spec));
            }
            long own = rows(spec, input);
            if (own > MAX_ROWS || own * spec.width() > MAX_NUMBERS) {
                throw ApiException.tooLarge(refusal + "has " + own + " rows; at most "
                        + Math.min(MAX_ROWS, MAX_NUMBERS / spec.width()) + " of this width can be asked at once");
            }
            if (rows >= 0 && rows != own) {
                throw ApiException.badRequest("inputs", refusal + "has " + own + " rows, the one before it " + rows);
            }
            rows = (int) own;
        }
        return rows;
    }

    private static long rows(TensorSpec spec, InferenceHeader.Input input) {
        List<Long> shape = input.shape();
        List<Long> row = shape.isEmpty() ? shape : shape.subList(1, shape.size());
        List<Long> own = spec.row().stream().map(Integer::longValue).toList();
        boolean fits =
                row.equals(own) || row.equals(List.of((long) spec.width())) || (row.isEmpty() && spec.width() == 1);
        if (shape.isEmpty() || !fits || shape.getFirst() < 0) {
            throw ApiException.badRequest(
                    "inputs", "the input '" + input.name() + "' has the shape " + shape + ", expected " + shape(spec));
        }
        return shape.getFirst();
    }

    private void readBinary(TensorSpec spec, InferenceHeader.Input input, int at, Rows rows, int index) {
        Datatype type = Datatype.of(spec);
        int numbers = rows.count() * spec.width();
        long expected = (long) numbers * type.bytes();
        if (input.binarySize() != expected) {
            throw ApiException.badRequest(
                    "inputs",
                    "the input '" + input.name() + "' has " + input.binarySize() + " bytes of binary data, expected "
                            + expected + " for " + type + " " + input.shape());
        }
        ByteBuffer bytes = ByteBuffer.wrap(body, at, (int) expected).slice().order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case FP32 -> bytes.asFloatBuffer().get(rows.floats(index));
            case FP64 -> bytes.asDoubleBuffer().get(rows.doubles(index));
            case INT64 -> bytes.asLongBuffer().get(rows.longs(index));
            case INT32 -> {
                for (int i = 0; i < numbers; i++) {
                    rows.longs(index)[i] = bytes.getInt(4 * i);
                }
            }
            case FP16 -> {
                for (int i = 0; i < numbers; i++) {
                    rows.floats(index)[i] = Float.float16ToFloat(bytes.getShort(2 * i));
                }
            }
        }
    }

    private void readJson(TensorSpec spec, InferenceHeader.Input input, Rows rows, int index) {
        int start = Math.toIntExact(input.data());
        try {
            new TensorReader(spec, input, rows, index).read(body, start, jsonLength - start);
        } catch (IOException e) {
            throw ApiException.badRequest("inputs", "the input '" + input.name() + "': " + e.getMessage());
        }
    }
}
