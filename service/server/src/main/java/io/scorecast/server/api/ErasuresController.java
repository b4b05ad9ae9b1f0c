package io.scorecast.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.scorecast.engine.event.InvalidEventException;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.server.security.AuditLog;
import io.scorecast.server.security.ErasureReceipt;
import io.scorecast.server.security.ErasureReceipts;
import io.scorecast.server.store.ProfileStore;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.util.List;

/** Receipts of erasures, to be shown again. */
@Controller("/v1/erasures")
@Tag(name = "customers")
@Refusals.OfCallers
@Refusals.OfParameters
@ExecuteOn(TaskExecutors.BLOCKING)
final class ErasuresController {

    private final ProfileStore profiles;
    private final ErasureReceipts receipts;

    ErasuresController(ProfileStore profiles, AuditLog audit) {
        this.profiles = profiles;
        this.receipts = new ErasureReceipts(audit);
    }

    @Post("/verify")
    @Consumes(MediaType.ALL)
    @Refusals.OfBodies
    @Operation(
            operationId = "verifyErasure",
            summary = "Whether a receipt is genuine, and whether what it says still holds")
    @RequestBody(
            required = true,
            content = @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/Erasure")))
    @ApiResponse(
            responseCode = "200",
            description = "What is found",
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(ref = "#/components/schemas/ErasureProof")))
    HttpResponse<byte[]> verify(HttpRequest<byte[]> request) {
        ErasureReceipt receipt = read(Bodies.json(request));
        boolean genuine = receipts.isGenuine(receipt);
        // Of a made-up receipt nothing is told about the customer whom it names.
        boolean erased = genuine && isErased(receipt);
        return HttpResponse.ok(Json.bytes(out -> {
                    out.writeStartObject();
                    out.writeBooleanField("genuine", genuine);
                    out.writeBooleanField("erased", erased);
                    out.writeEndObject();
                }))
                .header("Cache-Control", "no-store");
    }

    private static ErasureReceipt read(byte[] json) {
        try {
            return ErasureReceipt.read(json);
        } catch (InvalidEventException e) {
            throw ApiException.badField(e);
        } catch (JsonProcessingException e) {
            throw ApiException.badRequest(null, "the body is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw ApiException.badRequest(null, "the body is not valid JSON: " + e.getMessage());
        }
    }

    /** Whether nothing from then or before counts: the log remembers that erasure, or a later one, or holds nothing older. */
    private boolean isErased(ErasureReceipt receipt) {
        byte[] bytes = profiles.read(List.of(receipt.customer())).getFirst().bytes();
        if (ProfileLog.erasedAt(bytes, 0, bytes.length) >= receipt.erasedAt()) {
            return true;
        }
        return ProfileLog.events(receipt.customer(), bytes, 0, bytes.length).stream()
                .allMatch(logged -> logged.event().time() > receipt.erasedAt());
    }
}
