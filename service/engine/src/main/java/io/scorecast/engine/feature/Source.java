package io.scorecast.engine.feature;

/**
 * The events in a window: {@code (t − ago − window, t − ago]}.
 *
 * @param window milliseconds, {@link #ALWAYS} for all history
 * @param ago milliseconds
 */
record Source(Filter filter, long window, long ago) {

    static final long ALWAYS = Long.MAX_VALUE;
}
