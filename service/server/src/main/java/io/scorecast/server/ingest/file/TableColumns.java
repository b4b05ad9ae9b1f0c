package io.scorecast.server.ingest.file;

import java.util.List;

/**
 * The columns of a file, and what the shape says of fields that it has no column for.
 *
 * @param columns by place in the file
 * @param defaults put into each row before its cells
 * @param wide whether events take their ids from what their rows say
 */
record TableColumns(List<EventColumn> columns, List<Default> defaults, boolean wide) {

    TableColumns {
        columns = List.copyOf(columns);
        defaults = List.copyOf(defaults);
    }

    /** A field with the text that it has. */
    record Default(EventColumn column, String text) {}
}
