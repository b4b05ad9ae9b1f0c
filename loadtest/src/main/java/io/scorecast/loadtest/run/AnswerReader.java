package io.scorecast.loadtest.run;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds in an answer's body whether it is what was asked for, without reading it as JSON: there are 20,000 a second. */
final class AnswerReader {

    private static final byte[] FALLBACK = ascii("\"personalized\":false,\"reason\":\"");
    private static final byte[] DEGRADED = ascii("\"degraded\":[");
    private static final byte[] NONE_REJECTED = ascii("\"rejected\":0");

    /** The customer's id of at most 128 bytes stands before, each perhaps six bytes long in JSON. */
    private static final int FALLBACK_WITHIN = 900;

    private byte[] body = new byte[4096];
    private int length;
    private boolean passing;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Begins another answer.
     *
     * @param noStore whether it may not be kept, as those may not for which something was missing
     */
    void begin(boolean noStore) {
        length = 0;
        passing = noStore;
    }

    void add(ByteBuf part) {
        int more = part.readableBytes();
        if (length + more > body.length) {
            body = Arrays.copyOf(body, Math.max(length + more, 2 * body.length));
        }
        part.getBytes(part.readerIndex(), body, length, more);
        length += more;
    }

    /** Whether every event was accepted. */
    boolean acceptsAll() {
        return find(NONE_REJECTED, 0, length) >= 0;
    }

    /** Counts what stands in for predictions. */
    void count(Call call, Recorder recorder) {
        int most = call == Call.BATCH ? length : Math.min(length, FALLBACK_WITHIN);
        for (int at = find(FALLBACK, 0, most); at >= 0; at = find(FALLBACK, at, most)) {
            at += FALLBACK.length;
            int end = at;
            while (end < length && body[end] != '"') {
                end++;
            }
            recorder.fallback(new String(body, at, end - at, StandardCharsets.UTF_8), 1);
        }
        if (passing || call == Call.BATCH) {
            for (int at = find(DEGRADED, 0, length); at >= 0; at = find(DEGRADED, at + DEGRADED.length, length)) {
                recorder.degraded();
            }
        }
    }

    private int find(byte[] what, int from, int end) {
        for (int at = from; at <= end - what.length; at++) {
            if (body[at] == what[0] && Arrays.equals(body, at, at + what.length, what, 0, what.length)) {
                return at;
            }
        }
        return -1;
    }
}
