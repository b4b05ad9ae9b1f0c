package io.scorecast.server.api;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.scorecast.engine.event.EventError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error as RFC 9457 has it.
 *
 * @param detail one sentence that names the culprit
 * @param field the field or parameter to blame; null if none is
 * @param errors writes the field {@code errors}, what is to blame one by one; null if there is one thing to blame
 */
record Problem(HttpStatus status, String detail, @Nullable String field, Json.@Nullable Content errors) {

    /** Every problem is explained by its status and detail; the page of a status explains its title. */
    private static final String TYPE = "about:blank";

    private static final MediaType CONTENT_TYPE = MediaType.of("application/problem+json");

    static Problem of(HttpStatus status, String detail) {
        return new Problem(status, detail.isBlank() ? status.getReason() : detail, null, null);
    }

    Problem withField(@Nullable String blamed) {
        return new Problem(status, detail, blamed == null || blamed.isEmpty() ? null : blamed, errors);
    }

    Problem withErrors(List<EventError> blamed) {
        return blamed.isEmpty() ? this : new Problem(status, detail, field, out -> Json.writeErrors(blamed, out));
    }

    Problem withReasons(List<io.scorecast.engine.problem.Problem> reasons) {
        return reasons.isEmpty() ? this : new Problem(status, detail, field, out -> Json.writeReasons(reasons, out));
    }

    MutableHttpResponse<byte[]> response() {
        return into(HttpResponse.status(status));
    }

    /** The problem as the body of a response that has its status already. */
    MutableHttpResponse<byte[]> into(MutableHttpResponse<?> response) {
        return response.body(json()).contentType(CONTENT_TYPE);
    }

    private byte[] json() {
        return Json.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("type", TYPE);
            out.writeStringField("title", status.getReason());
            out.writeNumberField("status", status.getCode());
            out.writeStringField("detail", detail);
            if (field != null) {
                out.writeStringField("field", field);
            }
            if (errors != null) {
                errors.write(out);
            }
            out.writeEndObject();
        });
    }
}
