package io.scorecast.server.api;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.scorecast.server.serving.LiveScorer;
import io.swagger.v3.oas.annotations.tags.Tag;

/** Whether the process lives, and whether it can answer. A Redis that went away makes no started instance unready. */
@Controller("/health")
@Tag(name = "operations")
final class HealthController {

    private final LiveScorer live;

    HealthController(LiveScorer live) {
        this.live = live;
    }

    @Get("/liveness")
    HttpResponse<byte[]> liveness() {
        return up();
    }

    @Get("/readiness")
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
