package io.scorecast.server.api;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.scorecast.server.security.AuditEntry;
import io.scorecast.server.security.AuditLog;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who did what. */
@Controller("/v1/audit")
@Tag(name = "operations")
@ExecuteOn(TaskExecutors.BLOCKING)
final class AuditController {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    private final AuditLog audit;

    AuditController(AuditLog audit) {
        this.audit = audit;
    }

    @Get
    @Operation(summary = "A page of the audit record, the newest first")
    @ApiResponse(
            responseCode = "200",
            description = "The page; with a cursor if there is more",
            content =
                    @Content(mediaType = "application/json", schema = @Schema(ref = "#/components/schemas/AuditPage")))
    HttpResponse<byte[]> page(@QueryValue @Nullable String limit, @QueryValue @Nullable String cursor) {
        int most = Parameters.number("limit", limit, 1, MAX_LIMIT, DEFAULT_LIMIT);
        List<AuditEntry> entries = audit.page(below(cursor), most);
        return HttpResponse.ok(Json.bytes(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("entries");
            for (AuditEntry entry : entries) {
                out.writeStartObject();
                out.writeNumberField("sequence", entry.sequence());
                for (Map.Entry<String, String> field : entry.fields().entrySet()) {
                    if (!field.getValue().isEmpty()) {
                        out.writeStringField(field.getKey(), field.getValue());
                    }
                }
                out.writeEndObject();
            }
            out.writeEndArray();
            if (entries.size() == most && entries.getLast().sequence() > 1) {
                out.writeStringField("cursor", Long.toString(entries.getLast().sequence()));
            }
            out.writeEndObject();
        }));
    }

    private static @Nullable Long below(@Nullable String cursor) {
        if (cursor == null) {
            return null;
        }
        if (!cursor.matches("[1-9]\\d{0,17}")) {
            throw ApiException.badRequest("cursor", "cursor is none that an earlier page gave");
        }
        return Long.valueOf(cursor);
    }
}
