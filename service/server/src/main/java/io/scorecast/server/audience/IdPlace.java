package io.scorecast.server.audience;

/**
 * Where the rows of a job's files tell whose they are.
 *
 * @param column of a table; empty in files of JSON lines
 * @param member of the JSON object that is the column or the line; empty if the column is the id itself
 */
record IdPlace(String column, String member) {

    /** Rows that do not tell. */
    static final IdPlace NONE = new IdPlace("", "");

    boolean isNone() {
        return equals(NONE);
    }
}
