package io.scorecast.engine.event;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Cuts a stream into lines of bytes without copying most of them, and never holds more than the longest line allowed. */
final class LineReader {

    private final InputStream in;
    private final int limit;
    private byte[] buffer = new byte[64 * 1024];
    private int filled;
    private int position;
    private int start;
    private int end;
    private boolean tooLong;

    LineReader(InputStream in, int limit) {
        this.in = in;
        this.limit = limit;
    }

    /** Moves to the next line; false at the end of the stream. */
    boolean next() throws IOException {
        start = position;
        tooLong = false;
        boolean any = false;
        while (true) {
            for (; position < filled; position++) {
                if (buffer[position] == '\n') {
                    end = position++;
                    tooLong |= end - start > limit;
                    return true;
                }
                any = true;
            }
            if (filled - start > limit) {
                tooLong = true;
                position = start; // give up what was read of it, go on to its end
                filled = start;
            }
            if (!fill()) {
                end = filled;
                return any;
            }
        }
    }

    private boolean fill() throws IOException {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, filled - start);
            filled -= start;
            position -= start;
            start = 0;
        }
        if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read <= 0) {
            return false;
        }
        filled += read;
        return true;
    }

    boolean isTooLong() {
        return tooLong;
    }

    byte[] bytes() {
        return buffer;
    }

    int start() {
        return start;
    }

    int length() {
        return end - start;
    }
}
