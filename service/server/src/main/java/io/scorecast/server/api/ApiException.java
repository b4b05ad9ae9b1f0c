package io.scorecast.server.api;

import io.micronaut.http.HttpStatus;
import io.scorecast.engine.event.EventError;
import io.scorecast.engine.event.InvalidEventException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that gets a problem as its answer. Carries no stack trace: bad requests are ordinary. */
final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    private ApiException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    static ApiException badRequest(@Nullable String field, String detail) {
        return new ApiException(Problem.of(HttpStatus.BAD_REQUEST, detail).withField(field));
    }

    static ApiException badField(InvalidEventException e) {
        return badRequest(e.field().isEmpty() ? null : e.field(), e.detail());
    }

    static ApiException badEvents(String detail, List<EventError> errors) {
        return new ApiException(Problem.of(HttpStatus.BAD_REQUEST, detail).withErrors(errors));
    }

    static ApiException notFound(String detail) {
        return new ApiException(Problem.of(HttpStatus.NOT_FOUND, detail));
    }

    static ApiException conflict(String detail) {
        return new ApiException(Problem.of(HttpStatus.CONFLICT, detail));
    }

    static ApiException tooLarge(String detail) {
        return new ApiException(Problem.of(HttpStatus.REQUEST_ENTITY_TOO_LARGE, detail));
    }

    static ApiException unsupportedType(String detail) {
        return new ApiException(Problem.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE, detail));
    }

    Problem problem() {
        return problem;
    }
}
