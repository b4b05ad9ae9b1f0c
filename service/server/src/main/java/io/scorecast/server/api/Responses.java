package io.scorecast.server.api;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.scorecast.server.scoring.Answer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A prediction's HTTP response: its headers say how long it holds and where it came from. */
final class Responses {

    static final String CACHE_HEADER = "Scorecast-Cache";

    private static final int TAG_BYTES = 12;

    private Responses() {}

    /**
     * Answers with a view of a prediction.
     *
     * @param now epoch milliseconds
     */
    static HttpResponse<byte[]> of(HttpRequest<?> request, Answer answer, byte[] body, MediaType type, long now) {
        String tag = tag(body);
        boolean unchanged = matches(request.getHeaders().get(HttpHeaders.IF_NONE_MATCH), tag);
        MutableHttpResponse<byte[]> response =
                unchanged ? HttpResponse.notModified() : HttpResponse.ok(body).contentType(type);
        return response.header(HttpHeaders.ETAG, tag)
                .header(HttpHeaders.CACHE_CONTROL, answer.lasting() ? "private, no-cache" : "no-store")
                .header(HttpHeaders.AGE, Long.toString(Math.max(0, now - answer.asOf()) / 1000))
                .header(CACHE_HEADER, answer.cache().word());
    }

    private static String tag(byte[] body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
            byte[] part = java.util.Arrays.copyOf(hash, TAG_BYTES);
            return '"' + Base64.getUrlEncoder().encodeToString(part) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
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
