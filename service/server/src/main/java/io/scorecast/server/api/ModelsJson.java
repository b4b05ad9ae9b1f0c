package io.scorecast.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.scorecast.engine.model.Manifest;
import io.scorecast.engine.scorer.GateReport;
import io.scorecast.engine.scorer.VersionStatus;
import io.scorecast.server.serving.Challenge;
import io.scorecast.server.serving.Instance;
import io.scorecast.server.serving.ServingReport;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Models and their versions as JSON. */
record ModelsJson(ServingReport report, JsonGenerator out) {

    void all() throws IOException {
        Map<String, List<VersionStatus>> models = new LinkedHashMap<>();
        for (VersionStatus status : report.versions()) {
            models.computeIfAbsent(status.model(), model -> new ArrayList<>()).add(status);
        }
        out.writeStartObject();
        out.writeArrayFieldStart("models");
        for (Map.Entry<String, List<VersionStatus>> model : models.entrySet()) {
            model(model.getKey(), model.getValue());
        }
        out.writeEndArray();
        problems("problems", report.problems());
        out.writeArrayFieldStart("instances");
        for (Instance other : report.others().values()) {
            instance(other);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void instance(Instance instance) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", instance.name());
        out.writeStringField("seen", Instant.ofEpochMilli(instance.seen()).toString());
        out.writeFieldName("serving");
        Json.write(instance.versions(), out);
        out.writeEndObject();
    }

    void model(String model, List<VersionStatus> versions) throws IOException {
        out.writeStartObject();
        out.writeStringField("model", model);
        for (VersionStatus status : versions) {
            if (status.state() == VersionStatus.State.LIVE) {
                out.writeNumberField("live", status.version());
            }
        }
        Integer pin = report.pins().get(model);
        if (pin != null) {
            out.writeNumberField("pinned", pin);
        }
        out.writeArrayFieldStart("versions");
        for (VersionStatus version : versions) {
            version(version);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    void version(VersionStatus status) throws IOException {
        out.writeStartObject();
        out.writeNumberField("version", status.version());
        out.writeStringField("state", status.state().name().toLowerCase(Locale.ROOT));
        Long since = report.since().get(status.model() + "/" + status.version());
        if (since != null && status.state() == VersionStatus.State.LIVE) {
            out.writeStringField("since", Instant.ofEpochMilli(since).toString());
        }
        if (Integer.valueOf(status.version()).equals(report.pins().get(status.model()))) {
            out.writeBooleanField("pinned", true);
        }
        if (!status.checksum().isEmpty()) {
            out.writeStringField("checksum", status.checksum());
        }
        if (!status.problems().isEmpty()) {
            problems("problems", status.problems());
        }
        instances(status);
        manifest(status.manifest());
        checks(status.report());
        out.writeEndObject();
    }

    private void problems(String field, List<io.scorecast.engine.problem.Problem> problems) throws IOException {
        out.writeArrayFieldStart(field);
        for (io.scorecast.engine.problem.Problem problem : problems) {
            out.writeString(problem.toString());
        }
        out.writeEndArray();
    }

    /** Who serves it. */
    private void instances(VersionStatus status) throws IOException {
        List<String> names = new ArrayList<>();
        if (status.state() == VersionStatus.State.LIVE) {
            names.add(report.name());
        }
        for (Instance other : report.others().values()) {
            if (Integer.valueOf(status.version()).equals(other.versions().get(status.model()))) {
                names.add(other.name());
            }
        }
        if (!names.isEmpty()) {
            out.writeFieldName("instances");
            Json.write(names, out);
        }
    }

    private void manifest(@Nullable Manifest manifest) throws IOException {
        if (manifest == null) {
            return;
        }
        out.writeStringField("task", manifest.task());
        out.writeStringField("description", manifest.description());
        out.writeStringField("runtime", manifest.runtime());
        Object metrics = manifest.training().get("metrics");
        if (metrics != null) {
            out.writeFieldName("metrics");
            Json.write(metrics, out);
        }
        out.writeFieldName("training");
        Json.write(manifest.training(), out);
    }

    private void checks(@Nullable GateReport gate) throws IOException {
        if (gate == null) {
            return;
        }
        if (!gate.warnings().isEmpty()) {
            out.writeFieldName("warnings");
            Json.write(gate.warnings(), out);
        }
        gate.writeChecks(out);
    }

    void challenger(Challenge challenge, @Nullable Map<String, Object> compared) throws IOException {
        out.writeStartObject();
        out.writeStringField("model", challenge.model());
        out.writeNumberField("version", challenge.version());
        out.writeStringField("mode", challenge.mode().word());
        out.writeNumberField("share", challenge.share());
        for (VersionStatus status : report.versions()) {
            if (status.model().equals(challenge.model()) && status.state() == VersionStatus.State.LIVE) {
                out.writeNumberField("champion", status.version());
            }
        }
        if (compared != null) {
            out.writeFieldName("comparison");
            Json.write(compared, out);
        }
        out.writeEndObject();
    }
}
