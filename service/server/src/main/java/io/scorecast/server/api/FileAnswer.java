package io.scorecast.server.api;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.types.files.StreamedFile;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A file as an answer, or one range of its bytes (RFC 9110, 14). */
final class FileAnswer {

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    private FileAnswer() {}

    /** @param sha256 of the whole file, which becomes its tag; null if it is not known */
    static HttpResponse<?> of(HttpRequest<?> request, Path file, @Nullable String sha256) throws IOException {
        long size = Files.size(file);
        String tag = sha256 == null ? null : '"' + sha256 + '"';
        if (tag != null && Responses.matches(request.getHeaders().get(HttpHeaders.IF_NONE_MATCH), tag)) {
            return HttpResponse.notModified().header(HttpHeaders.ETAG, tag);
        }
        String range = request.getHeaders().get(HttpHeaders.RANGE);
        String condition = request.getHeaders().get("If-Range");
        if (range == null || (condition != null && !condition.equals(tag))) {
            return body(file, 0, size, HttpResponse.ok(), tag);
        }
        Matcher bounds = RANGE.matcher(range.strip());
        if (!bounds.matches() || (bounds.group(1).isEmpty() && bounds.group(2).isEmpty())) {
            // Several ranges, or another unit: the whole file is a right answer too.
            return body(file, 0, size, HttpResponse.ok(), tag);
        }
        long from;
        long to = size - 1;
        if (bounds.group(1).isEmpty()) {
            from = Math.max(0, size - Long.parseLong(bounds.group(2)));
        } else {
            from = Long.parseLong(bounds.group(1));
            if (!bounds.group(2).isEmpty()) {
                to = Math.min(to, Long.parseLong(bounds.group(2)));
            }
        }
        if (from >= size || from > to) {
            return Problem.of(
                            HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "the file has " + size + " bytes, not " + range)
                    .response()
                    .header(HttpHeaders.CONTENT_RANGE, "bytes */" + size);
        }
        return body(file, from, to - from + 1, HttpResponse.status(HttpStatus.PARTIAL_CONTENT), tag)
                .header(HttpHeaders.CONTENT_RANGE, "bytes " + from + "-" + to + "/" + size);
    }

    private static MutableHttpResponse<?> body(
            Path file, long from, long length, MutableHttpResponse<?> response, @Nullable String tag)
            throws IOException {
        InputStream in = Files.newInputStream(file);
        in.skipNBytes(from);
        StreamedFile body = new StreamedFile(
                new Bounded(in, length),
                type(file),
                Files.getLastModifiedTime(file).toMillis(),
                length);
        MutableHttpResponse<?> answer = response.body(body)
                .contentType(type(file))
                .header(HttpHeaders.ACCEPT_RANGES, "bytes")
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + file.getFileName() + "\"");
        return tag == null ? answer : answer.header(HttpHeaders.ETAG, tag);
    }

    private static MediaType type(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".gz")) {
            return MediaType.of("application/gzip");
        }
        if (name.endsWith(".csv")) {
            return MediaType.of("text/csv");
        }
        if (name.endsWith(".ndjson")) {
            return Bodies.NDJSON;
        }
        return name.endsWith(".json")
                ? MediaType.APPLICATION_JSON_TYPE
                : MediaType.of("application/vnd.apache.parquet");
    }

    /** Ends after so many bytes. */
    private static final class Bounded extends FilterInputStream {

        private long left;

        Bounded(InputStream in, long length) {
            super(in);
            left = length;
        }

        @Override
        public int read() throws IOException {
            if (left <= 0) {
                return -1;
            }
            int read = super.read();
            left -= read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left <= 0) {
                return length == 0 ? 0 : -1;
            }
            int read = super.read(target, offset, (int) Math.min(length, left));
            left -= Math.max(read, 0);
            return read;
        }
    }

    /** The answers of a call that is answered with a file, for the description. */
    @ApiResponse(
            responseCode = "200",
            description = "The file",
            content = @Content(mediaType = "*/*", schema = @Schema(type = "string", format = "binary")))
    @ApiResponse(
            responseCode = "206",
            description = "A range of it",
            content = @Content(mediaType = "*/*", schema = @Schema(type = "string", format = "binary")))
    @ApiResponse(responseCode = "304", ref = "#/components/responses/Unchanged")
    @ApiResponse(responseCode = "416", description = "There is no such range")
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @interface Described {}
}
