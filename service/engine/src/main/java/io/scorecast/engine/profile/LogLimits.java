package io.scorecast.engine.profile;

/**
 * How long a log may become. One beyond either limit loses its oldest events.
 *
 * @param events the most events
 * @param bytes the most bytes
 */
public record LogLimits(int events, int bytes) {

    /** The limits that hold where nothing else is set. */
    public static final LogLimits DEFAULT = new LogLimits(20_000, 2 << 20);

    /** The smallest that make sense: enough for one large event and the bookkeeping. */
    private static final int LEAST_BYTES = 1_024;

    /** An event takes at least so many bytes: a shorter log cannot hold more events than it may. */
    private static final int LEAST_EVENT = 12;

    public LogLimits {
        if (events < 1 || bytes < LEAST_BYTES) {
            throw new IllegalArgumentException("a log must hold at least 1 event and " + LEAST_BYTES + " bytes");
        }
    }

    /** Whether a log of this length could be beyond the limits, which only its events can tell. */
    public boolean mayExceed(long length) {
        return length > bytes || length / LEAST_EVENT > events;
    }

    /** Whether a log is beyond the limits. */
    public boolean exceeds(long count, long length) {
        return count > events || length > bytes;
    }

    /**
     * What a log is cut to. Some room is left, or a log at its limit would be rewritten for every event.
     */
    LogLimits afterCut() {
        return new LogLimits(Math.max(1, events - events / 16), Math.max(LEAST_BYTES, bytes - bytes / 16));
    }
}
