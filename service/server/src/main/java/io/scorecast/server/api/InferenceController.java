package io.scorecast.server.api;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.scorecast.server.inference.InferenceException;
import io.scorecast.server.inference.InferenceService;
import io.scorecast.server.inference.Rows;
import io.scorecast.server.serving.LiveScorer;
import io.scorecast.server.serving.ModelManager;
import io.scorecast.server.serving.NotReadyException;
import io.scorecast.server.serving.OpenVersion;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.inject.Named;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The Open Inference Protocol: rows of features in, what the model library's own {@code predict} returns out. Small
 * requests are read on the event loop, large ones and all answers elsewhere.
 */
@Controller("/v2")
@Tag(name = "inference")
final class InferenceController {

    private final LiveScorer live;
    private final OpenVersions versions;
    private final InferenceService inference;
    private final Executor offLoop;

    InferenceController(
            LiveScorer live,
            ModelManager models,
            InferenceService inference,
            @Named(TaskExecutors.BLOCKING) ExecutorService offLoop) {
        this.live = live;
        this.versions = new OpenVersions(live, models);
        this.inference = inference;
        this.offLoop = offLoop;
    }

    @Get
    @Operation(summary = "What this server is")
    HttpResponse<byte[]> server() {
        return HttpResponse.ok(Json.bytes(InferenceMetadata::writeServer));
    }

    @Get("/health/live")
    @Operation(summary = "Whether the process lives")
    HttpResponse<byte[]> live() {
        return yes("live");
    }

    @Get("/health/ready")
    @Operation(summary = "Whether models can be asked; 503 if not")
    HttpResponse<byte[]> ready() {
        if (!live.isReady()) {
            throw new NotReadyException("no model version is live");
        }
        return yes("ready");
    }

    private static HttpResponse<byte[]> yes(String field) {
        return HttpResponse.ok(Json.bytes(out -> {
            out.writeStartObject();
            out.writeBooleanField(field, true);
            out.writeEndObject();
        }));
    }

    @Get("/models/{model}")
    @Operation(summary = "What the live version of a model takes and gives")
    HttpResponse<byte[]> model(@PathVariable String model) {
        return metadata(model, null);
    }

    @Get("/models/{model}/versions/{version}")
    @Operation(summary = "What a version of a model takes and gives; 409 if it is not open")
    HttpResponse<byte[]> version(@PathVariable String model, @PathVariable String version) {
        return metadata(model, version);
    }

    private HttpResponse<byte[]> metadata(String model, @Nullable String version) {
        try (OpenVersion open = versions.acquire(model, version)) {
            return HttpResponse.ok(
                    Json.bytes(out -> InferenceMetadata.write(open.version(), versions.open(model), out)));
        }
    }

    @Get("/models/{model}/ready")
    @Operation(summary = "Whether the live version of a model can be asked")
    HttpResponse<byte[]> modelReady(@PathVariable String model) {
        return ready(model, null);
    }

    @Get("/models/{model}/versions/{version}/ready")
    @Operation(summary = "Whether a version of a model can be asked; 409 if it is not open")
    HttpResponse<byte[]> versionReady(@PathVariable String model, @PathVariable String version) {
        return ready(model, version);
    }

    private HttpResponse<byte[]> ready(String model, @Nullable String version) {
        versions.acquire(model, version).close();
        return HttpResponse.ok(Json.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("name", model);
            out.writeBooleanField("ready", true);
            out.writeEndObject();
        }));
    }

    @Post("/models/{model}/infer")
    @Consumes(MediaType.ALL)
    @Operation(summary = "Raw predictions of the live version of a model")
    @RequestBody(
            required = true,
            content = {
                @Content(
                        mediaType = "application/json",
                        schema = @Schema(ref = "#/components/schemas/InferenceRequest")),
                @Content(mediaType = "application/octet-stream", schema = @Schema(type = "string", format = "binary"))
            })
    @ApiResponse(
            responseCode = "200",
            description = "The tensors asked for",
            content = {
                @Content(
                        mediaType = "application/json",
                        schema = @Schema(ref = "#/components/schemas/InferenceResponse")),
                @Content(mediaType = "application/octet-stream", schema = @Schema(type = "string", format = "binary"))
            })
    CompletableFuture<HttpResponse<byte[]>> infer(@PathVariable String model, HttpRequest<byte[]> request) {
        return answer(model, null, request);
    }

    @Post("/models/{model}/versions/{version}/infer")
    @Consumes(MediaType.ALL)
    @Operation(summary = "Raw predictions of a version of a model; 409 if it is not open")
    @RequestBody(
            required = true,
            content = {
                @Content(
                        mediaType = "application/json",
                        schema = @Schema(ref = "#/components/schemas/InferenceRequest")),
                @Content(mediaType = "application/octet-stream", schema = @Schema(type = "string", format = "binary"))
            })
    @ApiResponse(
            responseCode = "200",
            description = "The tensors asked for",
            content = {
                @Content(
                        mediaType = "application/json",
                        schema = @Schema(ref = "#/components/schemas/InferenceResponse")),
                @Content(mediaType = "application/octet-stream", schema = @Schema(type = "string", format = "binary"))
            })
    CompletableFuture<HttpResponse<byte[]>> inferVersion(
            @PathVariable String model, @PathVariable String version, HttpRequest<byte[]> request) {
        return answer(model, version, request);
    }

    private CompletableFuture<HttpResponse<byte[]>> answer(
            String model, @Nullable String version, HttpRequest<byte[]> request) {
        if (Bodies.isLarge(request)) {
            return CompletableFuture.completedFuture(request)
                    .thenComposeAsync(large -> compute(model, version, large), offLoop);
        }
        return compute(model, version, request);
    }

    private CompletableFuture<HttpResponse<byte[]>> compute(
            String model, @Nullable String version, HttpRequest<byte[]> request) {
        OpenVersion open = versions.acquire(model, version);
        boolean handedOver = false;
        try {
            byte[] bytes = bytes(request);
            InferenceBody body = InferenceBody.read(bytes, jsonLength(request, bytes.length));
            InferenceAnswer answer = InferenceAnswer.plan(open.version(), body.header());
            Rows rows = body.rows(open.signature());
            handedOver = true;
            return inference.infer(open, rows).handle((outputs, failure) -> {
                if (failure == null) {
                    return answer.response(outputs);
                }
                throw unwrap(failure);
            });
        } finally {
            if (!handedOver) {
                open.close();
            }
        }
    }

    private static RuntimeException unwrap(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof InferenceException known ? known : new CompletionException(cause);
    }

    private static byte[] bytes(HttpRequest<byte[]> request) {
        if (!Bodies.isType(request, MediaType.APPLICATION_JSON_TYPE)
                && !Bodies.isType(request, MediaType.APPLICATION_OCTET_STREAM_TYPE)) {
            throw ApiException.unsupportedType("the body must be application/json, or application/octet-stream with "
                    + InferenceAnswer.JSON_LENGTH);
        }
        return Bodies.bytes(request);
    }

    private static int jsonLength(HttpRequest<?> request, int length) {
        String text = request.getHeaders().get(InferenceAnswer.JSON_LENGTH);
        if (text == null) {
            return length;
        }
        if (text.matches("\\d{1,9}") && Integer.parseInt(text) <= length) {
            return Integer.parseInt(text);
        }
        throw ApiException.badRequest(
                InferenceAnswer.JSON_LENGTH,
                InferenceAnswer.JSON_LENGTH + " is " + text + ", the body has " + length + " bytes");
    }
}
