package io.scorecast.server.api;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.prediction.Reason;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.scorer.FeatureView;
import io.scorecast.engine.scorer.Scorer;
import io.scorecast.server.scoring.Answer;
import io.scorecast.server.scoring.Erasure;
import io.scorecast.server.scoring.ScoreRequest;
import io.scorecast.server.scoring.ScoreService;
import io.scorecast.server.serving.ScorerHandle;
import io.scorecast.server.serving.ScorerSource;
import io.scorecast.server.store.ProfileStore;
import io.scorecast.server.store.StoredLog;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Customers as they are known: ids, profiles, features. For people who look, not for the scoring path. */
@Controller("/v1/customers")
@Tag(name = "customers")
@Refusals.OfCallers
@Refusals.OfParameters
@ExecuteOn(TaskExecutors.BLOCKING)
final class CustomersController {

    private static final String PATH = "/v1/customers/";
    private static final String FEATURES = "/features";
    private static final String EXPORT = "/export";
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 10_000;

    private final ProfileStore profiles;
    private final ScorerSource scorers;
    private final ScoreService scores;
    private final Erasure erasure;
    private final Clock clock;

    CustomersController(
            ProfileStore profiles, ScorerSource scorers, ScoreService scores, Erasure erasure, Clock clock) {
        this.profiles = profiles;
        this.scorers = scorers;
        this.scores = scores;
        this.erasure = erasure;
        this.clock = clock;
    }

    @Get
    @Operation(operationId = "customers", summary = "A page of customer ids, in no order")
    @ApiResponse(
            responseCode = "200",
            description = "The page; with a cursor if there is more",
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(ref = "#/components/schemas/CustomerPage")))
    HttpResponse<byte[]> page(
            @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "10000", defaultValue = "100"))
                    @QueryValue
                    @Nullable
                    String limit,
            @Parameter(description = "From the page before", schema = @Schema(type = "string")) @QueryValue @Nullable
                    String cursor) {
        int most = Parameters.number("limit", limit, 1, MAX_LIMIT, DEFAULT_LIMIT);
        ProfileStore.Page page;
        try {
            page = profiles.scan(cursor, most);
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest("cursor", "cursor is none that an earlier page gave");
        }
        return HttpResponse.ok(Json.bytes(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("customers");
            for (CustomerId customer : page.customers()) {
                out.writeString(customer.value());
            }
            out.writeEndArray();
            if (page.cursor() != null) {
                out.writeStringField("cursor", page.cursor());
            }
            out.writeEndObject();
        }));
    }

    @Get("/{customer_id:[^/]+}")
    @Operation(
            summary = "A customer's profile: events, attributes with their history, consent",
            parameters =
                    @Parameter(
                            name = "customer_id",
                            in = ParameterIn.PATH,
                            required = true,
                            schema = @Schema(ref = Refusals.ID)))
    @ApiResponse(
            responseCode = "200",
            description = "The profile; empty of one that is not known",
            content = @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Profile")))
    HttpResponse<byte[]> profile(HttpRequest<?> request) {
        CustomerId customer = RawPath.customer(request, PATH, "");
        return HttpResponse.ok(ProfileJson.of(customer, log(customer).bytes()));
    }

    @Get("/{customer_id:[^/]+}/features")
    @Operation(
            summary = "Every feature with its value, as a model or the policy sees it",
            parameters = {
                @Parameter(
                        name = "customer_id",
                        in = ParameterIn.PATH,
                        required = true,
                        schema = @Schema(ref = Refusals.ID)),
                @Parameter(
                        name = "model",
                        in = ParameterIn.QUERY,
                        required = true,
                        description = "The name of a model, or policy",
                        schema = @Schema(type = "string", minLength = 1))
            })
    @ApiResponse(
            responseCode = "200",
            description = "The features",
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(ref = "#/components/schemas/FeatureValues")))
    @Refusals.OfNames
    HttpResponse<byte[]> features(
            HttpRequest<?> request,
            @QueryValue @Nullable String model,
            @Parameter(schema = @Schema(ref = "#/components/schemas/Instant")) @QueryValue @Nullable String at) {
        CustomerId customer = RawPath.customer(request, PATH, FEATURES);
        if (model == null || model.isEmpty()) {
            throw ApiException.badRequest("model", "model is missing: the name of a model, or policy");
        }
        Long asked = Parameters.at(at);
        long instant = asked == null ? clock.millis() : asked;
        try (ScorerHandle handle = scorers.acquire()) {
            Scorer scorer = handle.scorer();
            FeatureView view = FeatureView.of(scorer, model);
            if (view == null) {
                throw ApiException.notFound(Nearest.message(
                        "model", model, scorer.schema().versions().keySet()));
            }
            byte[] log = log(customer).bytes();
            boolean objected = view.isObjected(log, 0, log.length, clock.millis());
            Map<String, @Nullable Object> values = objected ? Map.of() : view.compute(log, 0, log.length, instant);
            return HttpResponse.ok(Json.bytes(out -> {
                out.writeStartObject();
                out.writeStringField("customer_id", customer.value());
                out.writeStringField("model", model);
                Integer version = scorer.schema().versions().get(model);
                if (version != null) {
                    out.writeNumberField("version", version);
                }
                out.writeStringField("at", Instant.ofEpochMilli(instant).toString());
                if (objected) {
                    out.writeStringField("reason", Reason.OPTED_OUT.word());
                }
                out.writeFieldName("features");
                Json.write(values, out);
                out.writeEndObject();
            }));
        }
    }

    @Get("/{customer_id:[^/]+}/export")
    @Operation(
            summary =
                    "All that is held about a customer, as a file: every event as it arrived, the prediction, and what it is made from",
            parameters =
                    @Parameter(
                            name = "customer_id",
                            in = ParameterIn.PATH,
                            required = true,
                            schema = @Schema(ref = Refusals.ID)))
    @ApiResponse(
            responseCode = "200",
            description = "The export",
            content = @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Export")))
    HttpResponse<byte[]> export(HttpRequest<?> request) {
        CustomerId customer = RawPath.customer(request, PATH, EXPORT);
        byte[] log = log(customer).bytes();
        Answer prediction = scores.score(ScoreRequest.plain(customer)).join();
        try (ScorerHandle handle = scorers.acquire(customer.value())) {
            return HttpResponse.ok(ExportJson.of(customer, log, prediction, handle.scorer(), clock.millis()))
                    .header("Cache-Control", "no-store")
                    .header("Content-Disposition", "attachment; filename=\"customer.json\"");
        }
    }

    @Delete("/{customer_id:[^/]+}")
    @Operation(
            summary = "Erases a customer; events of that moment and before are ignored when they come again",
            parameters =
                    @Parameter(
                            name = "customer_id",
                            in = ParameterIn.PATH,
                            required = true,
                            schema = @Schema(ref = Refusals.ID)))
    @ApiResponse(
            responseCode = "200",
            description = "The receipt",
            content = @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Erasure")))
    HttpResponse<byte[]> erase(HttpRequest<?> request) {
        Erasure.Receipt receipt = erasure.erase(RawPath.customer(request, PATH, ""));
        return HttpResponse.ok(Json.bytes(out -> {
                    out.writeStartObject();
                    out.writeStringField("receipt", receipt.id());
                    out.writeStringField("customer_id", receipt.customer().value());
                    out.writeStringField(
                            "erased_at",
                            Instant.ofEpochMilli(receipt.erasedAt()).toString());
                    out.writeNumberField("events", receipt.events());
                    out.writeEndObject();
                }))
                .header("Cache-Control", "no-store");
    }

    private StoredLog log(CustomerId customer) {
        return profiles.read(List.of(customer)).getFirst();
    }
}
