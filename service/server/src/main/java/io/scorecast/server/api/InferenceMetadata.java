package io.scorecast.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.scorecast.engine.model.ModelSignature;
import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.model.TensorSpec;
import java.io.IOException;
import java.util.List;

/** What models take and give, as the Open Inference Protocol describes it. */
final class InferenceMetadata {

    private static final String RELEASE = "0.1.0";

    private InferenceMetadata() {}

    static void writeServer(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", "scorecast");
        out.writeStringField("version", RELEASE);
        out.writeArrayFieldStart("extensions");
        out.writeString("binary_tensor_data");
        out.writeEndArray();
        out.writeEndObject();
    }

    /**
     * Writes a version's description.
     *
     * @param versions those of its model that can be asked
     */
    static void write(ModelVersion version, List<String> versions, JsonGenerator out) throws IOException {
        ModelSignature signature = version.model().signature();
        out.writeStartObject();
        out.writeStringField("name", version.name());
        out.writeFieldName("versions");
        Json.write(versions, out);
        out.writeStringField("platform", version.model().engine());
        out.writeFieldName("inputs");
        out.writeStartArray();
        for (int i = 0; i < signature.inputs().size(); i++) {
            out.writeStartObject();
            write(signature.inputs().get(i), out);
            out.writeObjectFieldStart("parameters");
            out.writeFieldName("columns");
            Json.write(version.folder().columns(i), out);
            out.writeEndObject();
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeFieldName("outputs");
        out.writeStartArray();
        for (TensorSpec output : signature.outputs()) {
            out.writeStartObject();
            write(output, out);
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(TensorSpec spec, JsonGenerator out) throws IOException {
        out.writeStringField("name", spec.name());
        out.writeStringField("datatype", Datatype.of(spec).name());
        out.writeFieldName("shape");
        Json.write(Datatype.shape(spec, -1), out);
    }
}
