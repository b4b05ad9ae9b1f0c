package io.scorecast.server.api;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;

/** What browsers are told: nothing is to be guessed, and pages load from here alone and stand in no frame. */
final class PageHeaders {

    private static final String PAGES = "/console";
    private static final String POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
            + " form-action 'self'; frame-ancestors 'none'";

    private PageHeaders() {}

    static void add(HttpRequest<?> request, MutableHttpResponse<?> response) {
        response.header("X-Content-Type-Options", "nosniff");
        if (request.getUri().getRawPath().startsWith(PAGES)) {
            response.header("Content-Security-Policy", POLICY)
                    .header("X-Frame-Options", "DENY")
                    .header("Referrer-Policy", "no-referrer");
            if (request.isSecure()) {
                response.header("Strict-Transport-Security", "max-age=31536000");
            }
        }
    }
}
