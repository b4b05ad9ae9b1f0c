package io.scorecast.server.cli;

import io.scorecast.engine.event.EventError;
import io.scorecast.server.ingest.file.EventFile;
import java.io.PrintWriter;

/** Lists the rows of event files that were not taken, the first hundred of them, and counts all. */
final class BadRows {

    private static final int LISTED = 100;

    private final PrintWriter err;
    private long count;

    BadRows(PrintWriter err) {
        this.err = err;
    }

    void add(EventFile file, EventError error) {
        if (count++ < LISTED) {
            String field =
                    error.field().isEmpty() || error.detail().contains(error.field()) ? "" : error.field() + ": ";
            err.println(file.place(error.index()) + ": " + field + error.detail());
        }
    }

    long count() {
        return count;
    }

    /** Says how many there were, if there were any. */
    void summarise(String command) {
        if (count > 0) {
            String more = count > LISTED ? " (the first " + LISTED + " are listed)" : "";
            err.println(command + ": " + count + (count == 1 ? " row was" : " rows were") + " not taken" + more);
        }
    }
}
