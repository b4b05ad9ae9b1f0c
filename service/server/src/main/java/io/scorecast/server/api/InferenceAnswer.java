package io.scorecast.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.scorecast.engine.model.ModelSignature;
import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.model.TensorSpec;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.server.inference.Rows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to an inference request: tensors as JSON, or as binary data behind it.
 *
 * @param outputs those that were asked for
 */
record InferenceAnswer(String model, int version, InferenceHeader header, List<Wanted> outputs) {

    /** How many bytes of a body are JSON, if it is not all. */
    static final String JSON_LENGTH = "Inference-Header-Content-Length";

    record Wanted(int index, boolean binary) {}

    /** Checks what was asked for. */
    static InferenceAnswer plan(ModelVersion version, InferenceHeader header) {
        ModelSignature signature = version.model().signature();
        List<Wanted> wanted = new ArrayList<>();
        List<InferenceHeader.Output> asked = header.outputs();
        if (asked == null || asked.isEmpty()) {
            for (int i = 0; i < predicted(version); i++) {
                wanted.add(new Wanted(i, header.binaryOutput()));
            }
        } else {
            for (InferenceHeader.Output output : asked) {
                int index = signature.output(output.name());
                if (index < 0) {
                    throw ApiException.badRequest(
                            "outputs",
                            Nearest.message(
                                    "output",
                                    output.name(),
                                    signature.outputs().stream()
                                            .map(TensorSpec::name)
                                            .toList()));
                }
                Boolean binary = output.binary();
                wanted.add(new Wanted(index, binary == null ? header.binaryOutput() : binary));
            }
        }
        return new InferenceAnswer(version.name(), version.version(), header, List.copyOf(wanted));
    }

    /** How many of the outputs the library's own {@code predict} returns: not XGBoost's margin, which is asked for by name. */
    private static int predicted(ModelVersion version) {
        return version.manifest().runtime().equals("xgboost")
                ? 1
                : version.model().signature().outputs().size();
    }

    HttpResponse<byte[]> response(Rows rows) {
        byte[] json = Json.bytes(out -> write(rows, out));
        long binary = 0;
        for (Wanted output : outputs) {
            binary += output.binary() ? bytes(rows, output.index()) : 0;
        }
        if (outputs.stream().noneMatch(Wanted::binary)) {
            return HttpResponse.ok(json).contentType(MediaType.APPLICATION_JSON_TYPE);
        }
        ByteBuffer body =
                ByteBuffer.allocate(Math.toIntExact(json.length + binary)).order(ByteOrder.LITTLE_ENDIAN);
        body.put(json);
        for (Wanted output : outputs) {
            if (output.binary()) {
                put(rows, output.index(), body);
            }
        }
        return HttpResponse.ok(body.array())
                .contentType(MediaType.APPLICATION_OCTET_STREAM_TYPE)
                .header(JSON_LENGTH, Integer.toString(json.length));
    }

    private static long bytes(Rows rows, int index) {
        TensorSpec spec = rows.specs().get(index);
        return (long) rows.count() * spec.width() * Datatype.of(spec).bytes();
    }

    private void write(Rows rows, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("model_name", model);
        out.writeStringField("model_version", Integer.toString(version));
        if (header.id() != null) {
            out.writeStringField("id", header.id());
        }
        out.writeArrayFieldStart("outputs");
        for (Wanted output : outputs) {
            TensorSpec spec = rows.specs().get(output.index());
            out.writeStartObject();
            out.writeStringField("name", spec.name());
            out.writeStringField("datatype", Datatype.of(spec).name());
            out.writeFieldName("shape");
            Json.write(Datatype.shape(spec, rows.count()), out);
            if (output.binary()) {
                out.writeObjectFieldStart("parameters");
                out.writeNumberField("binary_data_size", bytes(rows, output.index()));
                out.writeEndObject();
            } else {
                out.writeArrayFieldStart("data");
                writeNumbers(rows, output.index(), out);
                out.writeEndArray();
            }
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    /** In as many digits as tell each number from its neighbours; what JSON cannot say becomes null. */
    private static void writeNumbers(Rows rows, int index, JsonGenerator out) throws IOException {
        switch (rows.specs().get(index).type()) {
            case FLOAT -> {
                for (float number : rows.floats(index)) {
                    if (Float.isFinite(number)) {
                        out.writeNumber(number);
                    } else {
                        out.writeNull();
                    }
                }
            }
            case DOUBLE -> {
                for (double number : rows.doubles(index)) {
                    if (Double.isFinite(number)) {
                        out.writeNumber(number);
                    } else {
                        out.writeNull();
                    }
                }
            }
            case LONG -> {
                for (long number : rows.longs(index)) {
                    out.writeNumber(number);
                }
            }
        }
    }

    private static void put(Rows rows, int index, ByteBuffer body) {
        switch (Datatype.of(rows.specs().get(index))) {
            case FP16 -> {
                for (float number : rows.floats(index)) {
                    body.putShort(Float.floatToFloat16(number));
                }
            }
            case FP32 -> {
                for (float number : rows.floats(index)) {
                    body.putFloat(number);
                }
            }
            case FP64 -> {
                for (double number : rows.doubles(index)) {
                    body.putDouble(number);
                }
            }
            case INT32 -> {
                for (long number : rows.longs(index)) {
                    body.putInt((int) number);
                }
            }
            case INT64 -> {
                for (long number : rows.longs(index)) {
                    body.putLong(number);
                }
            }
        }
    }
}
