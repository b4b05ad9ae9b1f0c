package io.scorecast.server.api;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.event.MalformedEventsException;
import io.scorecast.server.ingest.Ingestor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;

/** Events in. */
@Controller("/v1/events")
@Tag(name = "events")
@Refusals.OfCallers
@Refusals.OfParameters
final class EventsController {

    private final Ingestor ingestor;
    private final Clock clock;

    EventsController(Ingestor ingestor, Clock clock) {
        this.ingestor = ingestor;
        this.clock = clock;
    }

    @Post
    @Consumes(MediaType.ALL)
    @Produces(MediaType.ALL)
    @ExecuteOn(TaskExecutors.BLOCKING)
    @Refusals.OfBodies
    @Operation(
            operationId = "storeEvents",
            summary = "Stores events: one object, an array, or one object a line; gzip allowed")
    @RequestBody(
            required = true,
            content = {
                @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Event")),
                @Content(mediaType = "application/x-ndjson", schema = @Schema(ref = "#/components/schemas/Event"))
            })
    @ApiResponse(
            responseCode = "202",
            description = "Those accepted are stored",
            content = @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Receipt")))
    HttpResponse<byte[]> receive(HttpRequest<byte[]> request) {
        boolean lines = Bodies.isType(request, Bodies.NDJSON);
        if (!lines && !Bodies.isType(request, MediaType.APPLICATION_JSON_TYPE)) {
            throw ApiException.unsupportedType("events come as application/json or application/x-ndjson");
        }
        byte[] body = Bodies.bytes(request);
        Ingestor.Delivery delivery = ingestor.deliver();
        read(body, lines, delivery);
        Ingestor.Receipt receipt = delivery.store();
        if (receipt.accepted() == 0 && (receipt.rejected() > 0 || lines)) {
            throw ApiException.badEvents(
                    receipt.rejected() == 0 ? "there is no event in the body" : "no event could be taken",
                    receipt.errors());
        }
        return HttpResponse.accepted()
                .contentType(MediaType.APPLICATION_JSON_TYPE)
                .body(Json.bytes(out -> {
                    out.writeStartObject();
                    out.writeNumberField("accepted", receipt.accepted());
                    out.writeNumberField("rejected", receipt.rejected());
                    Json.writeErrors(receipt.errors(), out);
                    out.writeEndObject();
                }));
    }

    private void read(byte[] body, boolean lines, Ingestor.Delivery delivery) {
        try {
            if (lines) {
                EventJson.strict().readLines(new ByteArrayInputStream(body), clock.millis(), delivery);
            } else {
                EventJson.strict().readDocument(body, 0, body.length, clock.millis(), delivery);
            }
        } catch (MalformedEventsException e) {
            throw ApiException.badRequest(null, e.detail());
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory cannot fail", e);
        }
    }
}
