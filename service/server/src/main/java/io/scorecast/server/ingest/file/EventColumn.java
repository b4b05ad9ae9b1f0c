package io.scorecast.server.ingest.file;

import io.scorecast.engine.event.InvalidEventException;

/** What a column of a table of events means, and how a cell of whatever type gets into the row. */
interface EventColumn {

    /** The column's name, as errors name the field. */
    String name();

    /** Whether the field is an instant. */
    default boolean isTime() {
        return false;
    }

    /** Whether its cells are part of what a row says. */
    default boolean isSaid() {
        return true;
    }

    void text(EventRow row, String value);

    /** A cell of a file that knows only text. */
    default void cell(EventRow row, String value) {
        text(row, value);
    }

    void whole(EventRow row, long value);

    void number(EventRow row, double value);

    default void flag(EventRow row, boolean value) {
        throw new InvalidEventException(name(), name() + " cannot be true or false");
    }
}
