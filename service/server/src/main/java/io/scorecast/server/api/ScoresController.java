package io.scorecast.server.api;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
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
@Tag(name = "scores")
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
    @Operation(summary = "The prediction of a customer")
    @Parameter(name = "customer_id", in = ParameterIn.PATH, schema = @Schema(type = "string"))
    @ApiResponse(
            responseCode = "200",
            description = "The prediction",
            content =
                    @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Prediction")))
    CompletableFuture<HttpResponse<byte[]>> byPath(
            HttpRequest<?> request,
            @QueryValue @Nullable String models,
            @QueryValue @Nullable String limit,
            @QueryValue @Nullable String at,
            @QueryValue @Nullable String format,
            @QueryValue @Nullable String field) {
        return answer(request, RawPath.customer(request, PATH, ""), models, limit, at, format, field);
    }

    @Get
    @Operation(summary = "The prediction of a customer whose id is better kept out of a path")
    @ApiResponse(
            responseCode = "200",
            description = "The prediction",
            content =
                    @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Prediction")))
    CompletableFuture<HttpResponse<byte[]>> byQuery(
            HttpRequest<?> request,
            @QueryValue("customer_id") @Nullable String customer,
            @QueryValue @Nullable String models,
            @QueryValue @Nullable String limit,
            @QueryValue @Nullable String at,
            @QueryValue @Nullable String format,
            @QueryValue @Nullable String field) {
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
        boolean text = isText(format, field);
        AnswerView view = new AnswerView(
                models == null ? null : Parameters.split(models),
                Parameters.number("limit", limit, 0, Integer.MAX_VALUE, Integer.MAX_VALUE));
        Long instant = Parameters.at(at);
        ScoreRequest question = instant == null
                ? ScoreRequest.plain(customer)
                : new ScoreRequest(customer, instant, List.of(), List.of());
        return scores.score(question)
                .thenApply(answer ->
                        text && field != null ? bareValue(request, answer, field) : whole(request, answer, view));
    }

    private static boolean isText(@Nullable String format, @Nullable String field) {
        if (format == null || format.equals("json")) {
            return false;
        }
        if (!format.equals("text")) {
            throw ApiException.badRequest("format", Nearest.message("format", format, List.of("json", "text")));
        }
        if (field == null || field.isEmpty()) {
            throw ApiException.badRequest("field", "format=text needs field, the name of the one value wanted");
        }
        return true;
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
    @Operation(summary = "The prediction of a customer in a context that is used and not stored")
    @RequestBody(
            required = true,
            content = @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Question")))
    @ApiResponse(
            responseCode = "200",
            description = "The prediction",
            content =
                    @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Prediction")))
    CompletableFuture<HttpResponse<byte[]>> withContext(HttpRequest<byte[]> request) {
        if (Bodies.isLarge(request)) {
            return CompletableFuture.completedFuture(request).thenComposeAsync(this::inContext, offLoop);
        }
        return inContext(request);
    }

    private CompletableFuture<HttpResponse<byte[]>> inContext(HttpRequest<byte[]> request) {
        ScoreBody body = ScoreBody.read(Bodies.json(request), clock.millis());
        AnswerView view = new AnswerView(body.models(), Integer.MAX_VALUE);
        return scores.score(body.request()).thenApply(answer -> whole(request, answer, view));
    }

    /** Off the loop, whatever its size: a thousand answers are more than a megabyte to put together. */
    @Post("/batch")
    @Consumes(MediaType.ALL)
    @ExecuteOn(TaskExecutors.BLOCKING)
    @Operation(summary = "The predictions of up to 1,000 customers, in their order")
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
