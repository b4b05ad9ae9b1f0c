package io.scorecast.server.api;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Error;
import io.scorecast.engine.event.InvalidEventException;
import io.scorecast.server.inference.InferenceException;
import io.scorecast.server.serving.ModelRefusal;
import io.scorecast.server.serving.NotReadyException;
import io.scorecast.server.store.StoreUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what the controllers throw into problems. */
@Controller
final class ProblemHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);

    /** Seconds after which a caller may try again. */
    private static final String RETRY_AFTER = "2";

    @Error(global = true)
    HttpResponse<byte[]> refused(HttpRequest<?> request, ApiException e) {
        return e.problem().response();
    }

    @Error(global = true)
    HttpResponse<byte[]> invalid(HttpRequest<?> request, InvalidEventException e) {
        return ApiException.badField(e).problem().response();
    }

    @Error(global = true)
    HttpResponse<byte[]> modelRefused(HttpRequest<?> request, ModelRefusal e) {
        HttpStatus status = e.isUnknown() ? HttpStatus.NOT_FOUND : HttpStatus.CONFLICT;
        return Problem.of(status, e.detail()).withReasons(e.problems()).response();
    }

    @Error(global = true)
    HttpResponse<byte[]> notInferred(HttpRequest<?> request, InferenceException e) {
        return e.isRetryable()
                ? unavailable(e.detail())
                : Problem.of(HttpStatus.BAD_REQUEST, e.detail())
                        .withField("inputs")
                        .response();
    }

    @Error(global = true)
    HttpResponse<byte[]> notReady(HttpRequest<?> request, NotReadyException e) {
        return unavailable("the service is not ready: " + e.getMessage());
    }

    @Error(global = true)
    HttpResponse<byte[]> storeUnavailable(HttpRequest<?> request, StoreUnavailableException e) {
        LOG.warn("Redis is unavailable", e);
        return unavailable("the store is unavailable");
    }

    private static HttpResponse<byte[]> unavailable(String detail) {
        return Problem.of(HttpStatus.SERVICE_UNAVAILABLE, detail)
                .response()
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER);
    }
}
