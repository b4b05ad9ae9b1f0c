package io.scorecast.server.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.scorer.VersionStatus;
import io.scorecast.server.serving.Challenge;
import io.scorecast.server.serving.ModelManager;
import io.scorecast.server.serving.ServingReport;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** The versions in the repository, what became of each, and which of them serve. */
@Controller("/v1/models")
@Tag(name = "models")
final class ModelsController {

    private final ModelManager models;

    ModelsController(ModelManager models) {
        this.models = models;
    }

    @Get
    @Operation(summary = "All models with their versions, and what each instance serves")
    HttpResponse<byte[]> list() {
        return all(models.report());
    }

    @Post("/rescan")
    @Consumes(MediaType.ALL)
    @Operation(summary = "Looks at the repository now, and answers with what came of it")
    CompletableFuture<HttpResponse<byte[]>> rescan() {
        return answer(models.rescan(), ModelsController::all);
    }

    private static HttpResponse<byte[]> all(ServingReport report) {
        return HttpResponse.ok(Json.bytes(out -> new ModelsJson(report, out).all()));
    }

    @Get("/{model}")
    @Operation(summary = "A model with its versions")
    HttpResponse<byte[]> model(@PathVariable String model) {
        return one(models.report(), model);
    }

    private static HttpResponse<byte[]> one(ServingReport report, String model) {
        List<VersionStatus> versions = versions(report, model);
        return HttpResponse.ok(Json.bytes(out -> new ModelsJson(report, out).model(model, versions)));
    }

    @Get("/{model}/versions/{version}")
    @Operation(summary = "A version of a model")
    HttpResponse<byte[]> version(@PathVariable String model, @PathVariable String version) {
        ServingReport report = models.report();
        List<VersionStatus> versions = versions(report, model);
        for (VersionStatus status : versions) {
            if (Integer.toString(status.version()).equals(version)) {
                return HttpResponse.ok(Json.bytes(out -> new ModelsJson(report, out).version(status)));
            }
        }
        throw ApiException.notFound(Nearest.message(
                "version of " + model,
                version,
                versions.stream()
                        .map(status -> Integer.toString(status.version()))
                        .toList()));
    }

    private static List<VersionStatus> versions(ServingReport report, String model) {
        List<VersionStatus> versions = report.versions().stream()
                .filter(status -> status.model().equals(model))
                .toList();
        if (versions.isEmpty()) {
            throw ApiException.notFound(Nearest.message(
                    "model",
                    model,
                    report.versions().stream()
                            .map(VersionStatus::model)
                            .distinct()
                            .toList()));
        }
        return versions;
    }

    @Put("/{model}/pin")
    @Consumes(MediaType.ALL)
    @Operation(summary = "Serves one version until told otherwise; 409 with every reason if it cannot")
    @RequestBody(
            required = true,
            content = @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Pin")))
    CompletableFuture<HttpResponse<byte[]>> pin(@PathVariable String model, HttpRequest<byte[]> request) {
        Map<String, Object> body = body(request, List.of("version"));
        AccessFilter.detail(request, "version " + version(body));
        return answer(models.pin(model, version(body)), report -> one(report, model));
    }

    @Delete("/{model}/pin")
    @Consumes(MediaType.ALL)
    @Operation(summary = "Serves the highest valid version again")
    CompletableFuture<HttpResponse<byte[]>> unpin(@PathVariable String model) {
        return answer(models.unpin(model), report -> one(report, model));
    }

    @Post("/{model}/rollback")
    @Consumes(MediaType.ALL)
    @Operation(summary = "Back to the version that served before")
    CompletableFuture<HttpResponse<byte[]>> rollback(@PathVariable String model) {
        return answer(models.rollback(model), report -> one(report, model));
    }

    @Put("/{model}/challenger")
    @Consumes(MediaType.ALL)
    @Operation(summary = "Lets a version stand beside the live one: scored in its shadow, or answering a share")
    @RequestBody(
            required = true,
            content =
                    @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Challenger")))
    CompletableFuture<HttpResponse<byte[]>> challenge(@PathVariable String model, HttpRequest<byte[]> request) {
        Map<String, Object> body = body(request, List.of("version", "mode", "share"));
        Object word = body.getOrDefault("mode", "");
        Challenge.Mode mode = Challenge.Mode.of(word.toString());
        if (mode == null) {
            throw ApiException.badRequest("mode", Nearest.message("mode", word.toString(), List.of("shadow", "split")));
        }
        Object share = body.getOrDefault("share", mode == Challenge.Mode.SHADOW ? 1.0 : 0.0);
        if (!(share instanceof Number number) || !(number.doubleValue() > 0) || number.doubleValue() > 1) {
            throw ApiException.badRequest("share", "share is not a number above 0 and at most 1");
        }
        Challenge challenge = new Challenge(model, version(body), mode, number.doubleValue());
        AccessFilter.detail(request, "version " + challenge.version() + ", " + word + ", share " + number);
        return answer(models.challenge(challenge), report -> challenger(report, model));
    }

    @Get("/{model}/challenger")
    @Operation(summary = "How the challenger compares with the champion, on this instance")
    HttpResponse<byte[]> challenger(@PathVariable String model) {
        return challenger(models.report(), model);
    }

    private HttpResponse<byte[]> challenger(ServingReport report, String model) {
        versions(report, model);
        Challenge challenge = report.challengers().get(model);
        if (challenge == null) {
            throw ApiException.notFound("the model '" + model + "' has no challenger");
        }
        Map<String, Object> compared = models.comparison(model);
        return HttpResponse.ok(Json.bytes(out -> new ModelsJson(report, out).challenger(challenge, compared)));
    }

    @Delete("/{model}/challenger")
    @Consumes(MediaType.ALL)
    @Operation(summary = "Ends the comparison")
    CompletableFuture<HttpResponse<byte[]>> endChallenge(@PathVariable String model) {
        return answer(models.endChallenge(model), report -> one(report, model));
    }

    @Post("/{model}/challenger/promote")
    @Consumes(MediaType.ALL)
    @Operation(summary = "Makes the challenger the champion")
    CompletableFuture<HttpResponse<byte[]>> promote(@PathVariable String model) {
        return answer(models.promote(model), report -> one(report, model));
    }

    private static CompletableFuture<HttpResponse<byte[]>> answer(
            CompletableFuture<ServingReport> report, Function<ServingReport, HttpResponse<byte[]>> view) {
        return report.handle((found, failure) -> {
            if (failure == null) {
                return view.apply(found);
            }
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            throw cause instanceof RuntimeException known ? known : new CompletionException(cause);
        });
    }

    private static int version(Map<String, Object> body) {
        if (body.get("version") instanceof Integer version && version > 0) {
            return version;
        }
        throw ApiException.badRequest("version", "version, a positive whole number, is missing");
    }

    /** A flat object of these fields: numbers and texts. */
    private static Map<String, Object> body(HttpRequest<byte[]> request, List<String> fields) {
        Map<String, Object> body = new LinkedHashMap<>();
        try (JsonParser parser = EventJson.FACTORY.createParser(Bodies.json(request))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw ApiException.badRequest(null, "the body is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                if (!fields.contains(field)) {
                    throw ApiException.badRequest(field, Nearest.message("field", field, fields));
                }
                switch (parser.nextToken()) {
                    case VALUE_NUMBER_INT ->
                        body.put(
                                field,
                                parser.getNumberType() == JsonParser.NumberType.INT
                                        ? (Object) parser.getIntValue()
                                        : parser.getDoubleValue());
                    case VALUE_NUMBER_FLOAT -> body.put(field, parser.getDoubleValue());
                    case VALUE_STRING -> body.put(field, parser.getText());
                    default -> throw ApiException.badRequest(field, field + " is neither a number nor a text");
                }
            }
            if (parser.nextToken() != null) {
                throw ApiException.badRequest(null, "there is more after the end of the JSON");
            }
            return body;
        } catch (JsonProcessingException e) {
            throw ApiException.badRequest(null, "the body is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw ApiException.badRequest(null, "the body is not valid JSON: " + e.getMessage());
        }
    }
}
