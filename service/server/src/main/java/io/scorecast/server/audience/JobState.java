package io.scorecast.server.audience;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a job stands.
 *
 * @param created epoch milliseconds, as all instants here
 * @param at the instant of all scores; 0 until it is pinned
 * @param versions of models and policy, pinned at the start
 * @param done customers that are through
 * @param total 0 until they are counted
 * @param rate customers a second
 * @param secondsLeft -1 while it cannot be told
 * @param rows written
 * @param rejected rows in the file of rejects
 * @param problem why it failed; empty if it did not
 */
public record JobState(
        String id,
        State state,
        long created,
        @Nullable Long started,
        @Nullable Long finished,
        long at,
        Map<String, Integer> versions,
        long done,
        long total,
        double rate,
        double secondsLeft,
        long rows,
        long rejected,
        List<Part> parts,
        Map<String, Object> counts,
        String problem) {

    public JobState {
        versions = Map.copyOf(versions);
        parts = List.copyOf(parts);
    }

    /** What a job can be. */
    public enum State {
        QUEUED,
        RUNNING,
        DONE,
        FAILED,
        CANCELLED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether it goes on by itself. */
        public boolean isLive() {
            return this == QUEUED || this == RUNNING;
        }
    }

    /**
     * A whole file.
     *
     * @param sha256 in hexadecimal digits
     * @param first the customer of the first row, and {@code last} that of the last one: not for others to see; empty if
     *     there is no row
     */
    public record Part(String name, long rows, long bytes, String sha256, String first, String last) {}
}
