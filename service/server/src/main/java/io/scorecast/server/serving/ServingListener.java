package io.scorecast.server.serving;

/** Hears, on the thread that swaps, what there is and what serves. */
@FunctionalInterface
public interface ServingListener {

    /** Called whenever it was looked at, also if it is as before; does not block. */
    void published(ServingReport report);
}
