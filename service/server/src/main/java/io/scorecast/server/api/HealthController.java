package io.scorecast.server.api;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.scorecast.server.serving.LiveScorer;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;

/** Whether the process lives, and whether it can answer. A Redis that went away makes no started instance unready. */
@Controller("/health")
@Tag(name = "operations")
@Refusals.OfParameters
final class HealthController {

    private final LiveScorer live;

    HealthController(LiveScorer live) {
        this.live = live;
    }

    @Get("/liveness")
    @Operation(summary = "Whether the process lives")
    @ApiResponse(
            responseCode = "200",
            description = "It does",
            content = @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Health")))
    HttpResponse<byte[]> liveness() {
        return up();
    }

    @Get("/readiness")
    @Operation(summary = "Whether it can answer; 503 if not")
    @ApiResponse(
            responseCode = "200",
            description = "It can",
            content = @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Health")))
    @ApiResponse(responseCode = "503", ref = "#/components/responses/Unavailable")
    HttpResponse<byte[]> readiness() {
        if (live.isReady()) {
            return up();
        }
        return Problem.of(HttpStatus.SERVICE_UNAVAILABLE, "no model version is live")
                .response()
                .header(HttpHeaders.RETRY_AFTER, "2");
    }

    private static HttpResponse<byte[]> up() {
        return HttpResponse.ok(Json.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("status", "UP");
            out.writeEndObject();
        }));
    }
}
