package io.scorecast.server.api;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.server.scoring.Answer;
import io.scorecast.server.scoring.EntityTag;
import io.scorecast.server.scoring.ScoreRequest;
import io.scorecast.server.scoring.ScoreService;
import io.scorecast.server.scoring.ScoringSettings;
import io.scorecast.server.serving.ScorerHandle;
import io.scorecast.server.serving.ScorerSource;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Scores of one customer or many. Nothing here blocks: the event loop that read the request runs it, but for what takes
 * long to read or to put together.
 */
@Controller("/v1/scores")
@Produces(MediaType.ALL) // Whatever a template's tool says that it accepts: a mail needs its answer more than a 406.
@Tag(name = "scores")
@Refusals.OfCallers
@Refusals.OfParameters
final class ScoresController {

    private static final String PATH = "/v1/scores/";

    private final ScoreService scores;
    private final ScorerSource scorers;
    private final Duration maxAge;
    private final Clock clock;
    private final Executor offLoop;

    ScoresController(
            ScoreService scores,
            ScorerSource scorers,
            ScoringSettings settings,
            Clock clock,
            @Named(TaskExecutors.BLOCKING) ExecutorService offLoop) {
        this.offLoop = offLoop;
        this.scores = scores;
        this.scorers = scorers;
        this.maxAge = settings.cacheMaxAge();
        this.clock = clock;
    }

    @Get("/{customer_id:[^/]+}")
    @Operation(
            operationId = "score",
            summary = "The prediction of a customer",
            parameters =
                    @Parameter(
                            name = "customer_id",
                            in = ParameterIn.PATH,
                            required = true,
                            schema = @Schema(ref = Refusals.ID)))
    @ApiResponse(
            responseCode = "200",
            description = "The prediction, or with format=text one value of it",
            content = {
                @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Prediction")),
                @Content(mediaType = "text/plain", schema = @Schema(type = "string"))
            })
    @ApiResponse(responseCode = "304", ref = "#/components/responses/Unchanged")
    @Refusals.OfNames
    CompletableFuture<HttpResponse<byte[]>> byPath(
            HttpRequest<?> request,
            @Parameter(
                            description = "Whose outputs are wanted, between commas; all without it",
                            schema = @Schema(type = "string"))
                    @QueryValue
                    @Nullable
                    String models,
            @Parameter(
                            description = "The most items of a list",
                            schema = @Schema(type = "integer", minimum = "0", maximum = "999999999"))
                    @QueryValue
                    @Nullable
                    String limit,
            @Parameter(schema = @Schema(ref = "#/components/schemas/Instant")) @QueryValue @Nullable String at,
            @Parameter(
                            description = "text gives the one value that field names",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"json", "text"}))
                    @QueryValue
                    @Nullable
                    String format,
            @Parameter(description = "Of the answer, with format=text", schema = @Schema(type = "string"))
                    @QueryValue
                    @Nullable
                    String field) {
        return answer(request, RawPath.customer(request, PATH, ""), models, limit, at, format, field);
    }

    @Get
    @Operation(
            operationId = "scoreByQuery",
            summary = "The prediction of a customer whose id is better kept out of a path",
            parameters =
                    @Parameter(
                            name = "customer_id",
                            in = ParameterIn.QUERY,
                            required = true,
                            schema = @Schema(ref = Refusals.ID)))
    @ApiResponse(
            responseCode = "200",
            description = "The prediction, or with format=text one value of it",
            content = {
                @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Prediction")),
                @Content(mediaType = "text/plain", schema = @Schema(type = "string"))
            })
    @ApiResponse(responseCode = "304", ref = "#/components/responses/Unchanged")
    @Refusals.OfNames
    CompletableFuture<HttpResponse<byte[]>> byQuery(
            HttpRequest<?> request,
            @QueryValue("customer_id") @Nullable String customer,
            @Parameter(
                            description = "Whose outputs are wanted, between commas; all without it",
                            schema = @Schema(type = "string"))
                    @QueryValue
                    @Nullable
                    String models,
            @Parameter(
                            description = "The most items of a list",
                            schema = @Schema(type = "integer", minimum = "0", maximum = "999999999"))
                    @QueryValue
                    @Nullable
                    String limit,
            @Parameter(schema = @Schema(ref = "#/components/schemas/Instant")) @QueryValue @Nullable String at,
            @Parameter(
                            description = "text gives the one value that field names",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"json", "text"}))
                    @QueryValue
                    @Nullable
                    String format,
            @Parameter(description = "Of the answer, with format=text", schema = @Schema(type = "string"))
                    @QueryValue
                    @Nullable
                    String field) {
        if (customer == null) {
            throw ApiException.badRequest("customer_id", "customer_id is missing");
        }
        return answer(request, CustomerId.of(customer), models, limit, at, format, field);
    }

    private CompletableFuture<HttpResponse<byte[]>> answer(
            HttpRequest<?> request,
            CustomerId customer,
            @Nullable String models,
            @Nullable String limit,
            @Nullable String at,
            @Nullable String format,
            @Nullable String field) {
        AnswerView view = view(models, limit);
        String wanted = wanted(format, field);
        Long instant = Parameters.at(at);
        ScoreRequest question = instant == null
                ? ScoreRequest.plain(customer)
                : new ScoreRequest(customer, instant, List.of(), List.of());
        return scores.score(question).thenApply(answer -> show(request, answer, view, wanted));
    }

    private static AnswerView view(@Nullable String models, @Nullable String limit) {
        return new AnswerView(
                models == null ? null : Parameters.split(models),
                Parameters.number("limit", limit, 0, Integer.MAX_VALUE, Integer.MAX_VALUE));
    }

    private HttpResponse<byte[]> show(HttpRequest<?> request, Answer answer, AnswerView view, @Nullable String wanted) {
        return wanted == null ? whole(request, answer, view) : bareValue(request, answer, wanted);
    }

    /** The field whose bare value is wanted; null for JSON. */
    private static @Nullable String wanted(@Nullable String format, @Nullable String field) {
        if (format == null || format.equals("json")) {
            return null;
        }
        if (!format.equals("text")) {
            throw ApiException.badRequest("format", Nearest.message("format", format, List.of("json", "text")));
        }
        if (field == null || field.isEmpty()) {
            throw ApiException.badRequest("field", "format=text needs field, the name of the one value wanted");
        }
        return field;
    }

    private HttpResponse<byte[]> whole(HttpRequest<?> request, Answer answer, AnswerView view) {
        byte[] body = view.of(answer);
        EntityTag tag = view.isWhole() ? answer.tag() : new EntityTag(body);
        return Responses.of(request, answer, body, tag, MediaType.APPLICATION_JSON_TYPE, maxAge, clock.millis());
    }

    /** A field that this answer lacks is empty text: what a template should print then. */
    private HttpResponse<byte[]> bareValue(HttpRequest<?> request, Answer answer, String field) {
        String value = AnswerView.text(answer, field);
        if (value == null) {
            try (ScorerHandle handle = scorers.acquire()) {
                List<String> known = Fields.of(handle.scorer());
                if (!known.contains(field)) {
                    throw ApiException.badRequest("field", Nearest.message("field", field, known));
                }
            }
            value = "";
        }
        byte[] body = value.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return Responses.of(
                request, answer, body, new EntityTag(body), MediaType.TEXT_PLAIN_TYPE, maxAge, clock.millis());
    }

    @Post
    @Consumes(MediaType.ALL)
    @Operation(
            operationId = "scoreInContext",
            summary = "The prediction of a customer in a context that is used and not stored")
    @RequestBody(
            required = true,
            content = @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Question")))
    @ApiResponse(
            responseCode = "200",
            description = "The prediction, or with format=text one value of it",
            content = {
                @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Prediction")),
                @Content(mediaType = "text/plain", schema = @Schema(type = "string"))
            })
    @ApiResponse(responseCode = "304", ref = "#/components/responses/Unchanged")
    @Refusals.OfNames
    @Refusals.OfBodies
    CompletableFuture<HttpResponse<byte[]>> withContext(
            HttpRequest<byte[]> request,
            @Parameter(description = "As in the body, which goes before", schema = @Schema(type = "string"))
                    @QueryValue
                    @Nullable
                    String models,
            @Parameter(
                            description = "As in the body, which goes before",
                            schema = @Schema(type = "integer", minimum = "0", maximum = "999999999"))
                    @QueryValue
                    @Nullable
                    String limit,
            @Parameter(
                            description = "As in the body, which goes before",
                            schema = @Schema(ref = "#/components/schemas/Instant"))
                    @QueryValue
                    @Nullable
                    String at,
            @Parameter(
                            description = "text gives the one value that field names",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"json", "text"}))
                    @QueryValue
                    @Nullable
                    String format,
            @Parameter(description = "Of the answer, with format=text", schema = @Schema(type = "string"))
                    @QueryValue
                    @Nullable
                    String field) {
        AnswerView asked = view(models, limit);
        String wanted = wanted(format, field);
        Long instant = Parameters.at(at);
        if (Bodies.isLarge(request)) {
            return CompletableFuture.completedFuture(request)
                    .thenComposeAsync(large -> inContext(large, instant, asked, wanted), offLoop);
        }
        return inContext(request, instant, asked, wanted);
    }

    private CompletableFuture<HttpResponse<byte[]>> inContext(
            HttpRequest<byte[]> request, @Nullable Long instant, AnswerView asked, @Nullable String wanted) {
        ScoreBody body = ScoreBody.read(Bodies.json(request), clock.millis(), instant);
        AnswerView view = new AnswerView(
                body.models() == null ? asked.models() : body.models(),
                body.limit() == null ? asked.limit() : body.limit());
        return scores.score(body.request()).thenApply(answer -> show(request, answer, view, wanted));
    }

    /** Off the loop, whatever its size: a thousand answers are more than a megabyte to put together. */
    @Post("/batch")
    @Consumes(MediaType.ALL)
    @ExecuteOn(TaskExecutors.BLOCKING)
    @Operation(operationId = "scoreBatch", summary = "The predictions of up to 1,000 customers, in their order")
    @RequestBody(
            required = true,
            content = @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Batch")))
    @ApiResponse(
            responseCode = "200",
            description = "The predictions",
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(ref = "#/components/schemas/Predictions")))
    @Refusals.OfBodies
    CompletableFuture<HttpResponse<byte[]>> batch(HttpRequest<byte[]> request) {
        List<CustomerId> customers = BatchBody.read(Bodies.json(request));
        return scores.scoreAll(customers)
                .thenApplyAsync(
                        answers -> HttpResponse.ok(BatchBody.write(answers))
                                .contentType(MediaType.APPLICATION_JSON_TYPE)
                                .header("Cache-Control", "private, no-cache"),
                        offLoop);
    }
}
