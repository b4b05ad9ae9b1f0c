package io.scorecast.engine.model;

/**
 * Spreads work over time, so that loading a version takes no more than a share of a core from the requests that are
 * answered meanwhile. Whoever works calls {@link #pause} after each slice of about a millisecond.
 */
@FunctionalInterface
public interface Pace {

    /** Never waits. */
    Pace NONE = () -> {};

    /** Returns when the next slice may begin. */
    void pause();
}
