package io.scorecast.server.scoring;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Reads from a body what is not kept beside it. */
final class AnswerJson {

    private static final byte[] AS_OF = "\"as_of\":\"".getBytes(StandardCharsets.ISO_8859_1);

    private AnswerJson() {}

    /**
     * The instant of the scores, epoch milliseconds. The field stands near the end, so it is looked for from there; within
     * a string its quotes would be escaped.
     *
     * @throws IllegalArgumentException if the body is no prediction
     */
    static long asOf(byte[] body) {
        for (int i = body.length - AS_OF.length; i >= 0; i--) {
            if (isAt(body, i)) {
                int start = i + AS_OF.length;
                int end = start;
                while (end < body.length && body[end] != '"') {
                    end++;
                }
                return Instant.parse(new String(body, start, end - start, StandardCharsets.ISO_8859_1))
                        .toEpochMilli();
            }
        }
        throw new IllegalArgumentException("a prediction without as_of");
    }

    private static boolean isAt(byte[] body, int position) {
        for (int k = 0; k < AS_OF.length; k++) {
            if (body[position + k] != AS_OF[k]) {
                return false;
            }
        }
        return true;
    }
}
