package io.scorecast.server.api;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.scorecast.server.scoring.Answer;
import io.scorecast.server.scoring.EntityTag;
import org.jspecify.annotations.Nullable;

/** A prediction's HTTP response: its headers say how long it holds and where it came from. */
final class Responses {

    static final String CACHE_HEADER = "Scorecast-Cache";

    private Responses() {}

    /**
     * Answers with a view of a prediction.
     *
     * @param identity the body's
     * @param now epoch milliseconds
     */
    static HttpResponse<byte[]> of(
            HttpRequest<?> request, Answer answer, byte[] body, EntityTag identity, MediaType type, long now) {
        String tag = identity.text();
        boolean unchanged = matches(request.getHeaders().get(HttpHeaders.IF_NONE_MATCH), tag);
        MutableHttpResponse<byte[]> response =
                unchanged ? HttpResponse.notModified() : HttpResponse.ok(body).contentType(type);
        return response.header(HttpHeaders.ETAG, tag)
                .header(HttpHeaders.CACHE_CONTROL, answer.lasting() ? "private, no-cache" : "no-store")
                .header(HttpHeaders.AGE, Long.toString(age(answer, now)))
                .header(CACHE_HEADER, answer.cache().word());
    }

    /** Seconds since the answer was computed; one as of another instant was computed for this very request. */
    private static long age(Answer answer, long now) {
        return switch (answer.cache()) {
            case NEAR, REDIS -> Math.max(0, now - answer.asOf()) / 1000;
            case NONE, SHARED -> 0;
        };
    }

    /** The weak comparison of RFC 9110. */
    static boolean matches(@Nullable String sent, String tag) {
        if (sent == null) {
            return false;
        }
        for (String candidate : sent.split(",", -1)) {
            String one = candidate.strip();
            if (one.equals("*") || (one.startsWith("W/") ? one.substring(2) : one).equals(tag)) {
                return true;
            }
        }
        return false;
    }
}
