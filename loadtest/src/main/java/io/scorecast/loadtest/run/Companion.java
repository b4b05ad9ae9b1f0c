package io.scorecast.loadtest.run;

import java.io.IOException;
import java.util.List;

/**
 * What goes on beside the load at a service of one's own. The load runs twice: first alone, then with it, so that what it
 * costs is known from one run.
 */
interface Companion extends AutoCloseable {

    /** Options of {@code serve} that it needs; come after those that were asked for. */
    default List<String> options() {
        return List.of();
    }

    /** Who of all customers is asked for while the load is alone. */
    default List<String> alone(List<String> customers) {
        return customers;
    }

    /** Who is asked for with it. */
    default List<String> together(List<String> customers) {
        return customers;
    }

    /** Does what has to be done between the two loads, however long that takes. */
    default void prepare(OwnService service) throws IOException, InterruptedException {}

    /** Goes on beside the load, on a thread of its own, until it has done its part or is interrupted. */
    void run(OwnService service) throws IOException, InterruptedException;

    /** What it did, in one line. */
    String told();

    @Override
    default void close() throws IOException {}
}
