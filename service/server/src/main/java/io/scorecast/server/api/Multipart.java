package io.scorecast.server.api;

import io.micronaut.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parts of a {@code multipart/form-data} body that is in memory (RFC 7578). */
final class Multipart {

    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";,]+)\"?");
    private static final Pattern NAME = Pattern.compile("(?i)[; ]name=\"([^\"]*)\"");
    private static final Pattern FILE = Pattern.compile("(?i)filename=\"([^\"]*)\"");

    private Multipart() {}

    /**
     * One part.
     *
     * @param fileName null if the part is no file
     */
    record Part(String name, @Nullable String fileName, byte[] bytes) {}

    /** @throws ApiException 400 if the body has no parts */
    static List<Part> read(HttpRequest<byte[]> request) {
        Matcher boundary = BOUNDARY.matcher(request.getHeaders().get("Content-Type", String.class, ""));
        byte[] body = Bodies.bytes(request);
        if (!boundary.find()) {
            throw ApiException.badRequest(null, "the Content-Type of a multipart body names its boundary");
        }
        byte[] mark = ("--" + boundary.group(1)).getBytes(StandardCharsets.ISO_8859_1);
        List<Part> parts = new ArrayList<>();
        int at = find(body, mark, 0);
        while (at >= 0 && !startsWith(body, at + mark.length, "--")) {
            int start = at + mark.length + 2;
            at = find(body, mark, start);
            if (at < 0) {
                throw ApiException.badRequest(null, "the multipart body is cut off");
            }
            int head = find(body, "\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1), start);
            if (head >= 0 && head < at) {
                String headers = new String(body, start, head - start, StandardCharsets.UTF_8);
                Matcher name = NAME.matcher(headers);
                Matcher file = FILE.matcher(headers);
                parts.add(new Part(
                        name.find() ? name.group(1) : "",
                        file.find() ? file.group(1) : null,
                        Arrays.copyOfRange(body, head + 4, Math.max(head + 4, at - 2))));
            }
        }
        return parts;
    }

    private static boolean startsWith(byte[] body, int at, String text) {
        return at + text.length() <= body.length
                && new String(body, at, text.length(), StandardCharsets.ISO_8859_1).equals(text);
    }

    private static int find(byte[] body, byte[] mark, int from) {
        for (int i = from; i + mark.length <= body.length; i++) {
            if (body[i] == mark[0] && Arrays.equals(body, i, i + mark.length, mark, 0, mark.length)) {
                return i;
            }
        }
        return -1;
    }
}
