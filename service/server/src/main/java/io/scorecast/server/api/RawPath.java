package io.scorecast.server.api;

import io.micronaut.http.HttpRequest;
import io.scorecast.engine.event.CustomerId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Customer ids in paths, decoded here and strictly: an id may hold a slash or a plus, and what is no UTF-8 is no id. The
 * router's own decoding knows neither.
 */
final class RawPath {

    private RawPath() {}

    /** The customer between two parts of the request's path. */
    static CustomerId customer(HttpRequest<?> request, String before, String after) {
        String path = request.getUri().getRawPath();
        if (!path.startsWith(before) || !path.endsWith(after) || path.length() < before.length() + after.length()) {
            throw ApiException.notFound("there is nothing at " + path);
        }
        String id = path.substring(before.length(), path.length() - after.length());
        if (id.indexOf('/') >= 0) {
            throw ApiException.notFound("there is nothing at " + path + "; a slash in an id is written %2F");
        }
        return CustomerId.of(decode(id));
    }

    /** Resolves percent signs; a plus stays one. */
    static String decode(String raw) {
        if (raw.indexOf('%') < 0) {
            return raw;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '%') {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            int high = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
            int low = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                throw ApiException.badRequest("customer_id", "the path has a % that is not followed by two hex digits");
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ApiException.badRequest("customer_id", "the customer's id in the path is not UTF-8");
        }
    }
}
