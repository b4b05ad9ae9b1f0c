package io.scorecast.server.audience;

import java.util.List;

/** Takes the values of a row, one for each column. */
interface Cells {

    void text(String value);

    void number(double value);

    void truth(boolean value);

    void texts(List<String> values);

    /** An instant, epoch milliseconds. */
    void instant(long millis);

    /** There is no value. */
    void nothing();
}
