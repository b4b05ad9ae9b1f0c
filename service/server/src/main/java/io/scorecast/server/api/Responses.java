package io.scorecast.server.api;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.scorecast.server.scoring.Answer;
import io.scorecast.server.scoring.EntityTag;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A prediction's HTTP response: its headers say how long it holds and where it came from. */
final class Responses {

    static final String CACHE_HEADER = "Scorecast-Cache";

    private Responses() {}

    /**
     * Answers with a view of a prediction.
     *
     * @param identity the body's
     * @param maxAge how long a caller may keep it without asking again
     * @param now epoch milliseconds
     */
    static HttpResponse<byte[]> of(
            HttpRequest<?> request,
            Answer answer,
            byte[] body,
            EntityTag identity,
            MediaType type,
            Duration maxAge,
            long now) {
        String tag = identity.text();
        boolean unchanged = matches(request.getHeaders().get(HttpHeaders.IF_NONE_MATCH), tag);
        MutableHttpResponse<byte[]> response =
                unchanged ? HttpResponse.notModified() : HttpResponse.ok(body).contentType(type);
        return response.header(HttpHeaders.ETAG, tag)
                .header(HttpHeaders.CACHE_CONTROL, cacheControl(answer, maxAge, now))
                .header(HttpHeaders.AGE, Long.toString(age(answer, now)))
                .header(CACHE_HEADER, answer.cache().word());
    }

    /** Never past the instant from which time alone may make the answer wrong; a cache counts its age as well. */
    private static String cacheControl(Answer answer, Duration maxAge, long now) {
        if (!answer.lasting()) {
            return "no-store";
        }
        long seconds = Math.min(maxAge.toSeconds(), (answer.validUntil() - now) / 1000);
        return seconds > 0 ? "private, max-age=" + seconds : "private, no-cache";
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
