package io.scorecast.server.api;

import io.micronaut.context.annotation.Primary;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;

/** Gives the errors that the HTTP server itself finds (404, 405, 413, 415 and the like) the form of all others. */
@Singleton
@Primary
final class ProblemProcessor implements ErrorResponseProcessor<byte[]> {

    @Override
    public MutableHttpResponse<byte[]> processResponse(ErrorContext context, MutableHttpResponse<?> response) {
        HttpStatus status = HttpStatus.valueOf(response.code());
        return Problem.of(status, detail(context, status)).into(response);
    }

    private static String detail(ErrorContext context, HttpStatus status) {
        String path = context.getRequest().getPath();
        if (status == HttpStatus.NOT_FOUND) {
            return "there is nothing at " + path;
        }
        if (status.getCode() >= 500) {
            return "something unexpected happened; the log says more";
        }
        return context.getErrors().isEmpty()
                ? status.getReason()
                : context.getErrors().getFirst().getMessage();
    }
}
