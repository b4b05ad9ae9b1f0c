package io.scorecast.server.ingest.file;

import java.io.IOException;

/** A file that cannot be read as events at all, or not from some place on; the message names the file. */
public final class EventFileException extends IOException {

    private static final long serialVersionUID = 1;

    EventFileException(String message) {
        super(message);
    }

    EventFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
