package io.scorecast.server.api;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** The bytes of a request's body, unpacked. */
final class Bodies {

    /** The most bytes of a body, packed or not. */
    static final int MAX_BYTES = 64 << 20;

    /** Above it a body is read by a thread that may take its time, not by an event loop. */
    private static final int LARGE_BYTES = 16 << 10;

    static final MediaType NDJSON = MediaType.of("application/x-ndjson");

    private Bodies() {}

    /** A JSON body. */
    static byte[] json(HttpRequest<byte[]> request) {
        if (!isType(request, MediaType.APPLICATION_JSON_TYPE)) {
            throw ApiException.unsupportedType("the body must be application/json");
        }
        return bytes(request);
    }

    /** Whether reading the body may take long: it is large, or packed and may become so, or of unknown length. */
    static boolean isLarge(HttpRequest<byte[]> request) {
        long length = request.getContentLength();
        return length < 0 || length > LARGE_BYTES || request.getHeaders().contains(HttpHeaders.CONTENT_ENCODING);
    }

    /** Whether the body is of this type, whatever its parameters; one that is not named counts as JSON. */
    static boolean isType(HttpRequest<?> request, MediaType type) {
        Optional<MediaType> sent = request.getContentType();
        return sent.map(MediaType::getName).orElse(MediaType.APPLICATION_JSON).equalsIgnoreCase(type.getName());
    }

    /** The body; empty if there is none. */
    static byte[] bytes(HttpRequest<byte[]> request) {
        byte[] body = request.getBody().orElse(new byte[0]);
        String encoding = request.getHeaders().get(HttpHeaders.CONTENT_ENCODING);
        if (encoding == null || encoding.isBlank() || encoding.strip().equalsIgnoreCase("identity")) {
            return body;
        }
        if (!encoding.strip().toLowerCase(Locale.ROOT).equals("gzip")) {
            throw ApiException.unsupportedType("Content-Encoding may be gzip, not " + encoding);
        }
        return gunzip(body);
    }

    private static byte[] gunzip(byte[] packed) {
        ByteArrayOutputStream unpacked = new ByteArrayOutputStream(4 * packed.length);
        byte[] buffer = new byte[64 << 10];
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed), buffer.length)) {
            int count;
            while ((count = in.read(buffer)) >= 0) {
                if (unpacked.size() + count > MAX_BYTES) {
                    throw ApiException.tooLarge("the body unpacks to more than " + (MAX_BYTES >> 20) + " MB");
                }
                unpacked.write(buffer, 0, count);
            }
            return unpacked.toByteArray();
        } catch (IOException e) {
            throw ApiException.badRequest(null, "the body is not valid gzip: " + e.getMessage());
        }
    }
}
