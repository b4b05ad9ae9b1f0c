package io.scorecast.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.scorecast.engine.model.Manifest;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.scorer.VersionStatus;
import io.scorecast.server.serving.LiveScorer;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The versions in the repository, and what became of each. */
@Controller("/v1/models")
@Tag(name = "models")
final class ModelsController {

    private final LiveScorer live;

    ModelsController(LiveScorer live) {
        this.live = live;
    }

    @Get
    @Operation(summary = "All models with their versions")
    HttpResponse<byte[]> list() {
        LiveScorer.Report report = live.report();
        Map<String, List<VersionStatus>> models = byModel(report);
        return HttpResponse.ok(Json.bytes(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("models");
            for (Map.Entry<String, List<VersionStatus>> model : models.entrySet()) {
                write(model.getKey(), model.getValue(), report, out);
            }
            out.writeEndArray();
            out.writeArrayFieldStart("problems");
            for (Object problem : report.problems()) {
                out.writeString(problem.toString());
            }
            out.writeEndArray();
            out.writeEndObject();
        }));
    }

    @Get("/{model}")
    @Operation(summary = "A model with its versions")
    HttpResponse<byte[]> model(@PathVariable String model) {
        LiveScorer.Report report = live.report();
        List<VersionStatus> versions = versions(report, model);
        return HttpResponse.ok(Json.bytes(out -> write(model, versions, report, out)));
    }

    @Get("/{model}/versions/{version}")
    @Operation(summary = "A version of a model")
    HttpResponse<byte[]> version(@PathVariable String model, @PathVariable String version) {
        LiveScorer.Report report = live.report();
        List<VersionStatus> versions = versions(report, model);
        for (VersionStatus status : versions) {
            if (Integer.toString(status.version()).equals(version)) {
                return HttpResponse.ok(Json.bytes(out -> write(status, report, out)));
            }
        }
        throw ApiException.notFound(Nearest.message(
                "version of " + model,
                version,
                versions.stream()
                        .map(status -> Integer.toString(status.version()))
                        .toList()));
    }

    private static Map<String, List<VersionStatus>> byModel(LiveScorer.Report report) {
        Map<String, List<VersionStatus>> models = new LinkedHashMap<>();
        for (VersionStatus status : report.versions()) {
            models.computeIfAbsent(status.model(), model -> new java.util.ArrayList<>())
                    .add(status);
        }
        return models;
    }

    private static List<VersionStatus> versions(LiveScorer.Report report, String model) {
        Map<String, List<VersionStatus>> models = byModel(report);
        List<VersionStatus> versions = models.get(model);
        if (versions == null) {
            throw ApiException.notFound(Nearest.message("model", model, models.keySet()));
        }
        return versions;
    }

    private static void write(String model, List<VersionStatus> versions, LiveScorer.Report report, JsonGenerator out)
            throws IOException {
        out.writeStartObject();
        out.writeStringField("model", model);
        out.writeArrayFieldStart("versions");
        for (VersionStatus version : versions) {
            write(version, report, out);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(VersionStatus status, LiveScorer.Report report, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeNumberField("version", status.version());
        out.writeStringField("state", status.state().name().toLowerCase(Locale.ROOT));
        if (status.state() == VersionStatus.State.LIVE) {
            out.writeStringField("since", Instant.ofEpochMilli(report.since()).toString());
        }
        if (!status.checksum().isEmpty()) {
            out.writeStringField("checksum", status.checksum());
        }
        if (!status.problems().isEmpty()) {
            out.writeArrayFieldStart("problems");
            for (Object problem : status.problems()) {
                out.writeString(problem.toString());
            }
            out.writeEndArray();
        }
        Manifest manifest = status.manifest();
        if (manifest != null) {
            out.writeStringField("task", manifest.task());
            out.writeStringField("description", manifest.description());
            out.writeStringField("runtime", manifest.runtime());
            out.writeFieldName("training");
            Json.write(manifest.training(), out);
        }
        out.writeEndObject();
    }
}
