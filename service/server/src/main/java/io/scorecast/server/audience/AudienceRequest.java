package io.scorecast.server.audience;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a job is to do.
 *
 * @param where CEL that chooses who is written; null for everybody who can be scored
 * @param top null if all that are chosen are written
 * @param exclude a file of ids that are left out
 * @param output how it is written
 * @param since the job to compare with, so that only those are written whose prediction changed
 * @param warmCache whether the predictions are kept for the requests that follow
 * @param at the instant of all scores, epoch milliseconds; null for that of the start
 */
public record AudienceRequest(
        Customers customers,
        @Nullable String where,
        @Nullable Top top,
        @Nullable Path exclude,
        Output output,
        @Nullable Since since,
        boolean warmCache,
        @Nullable Long at) {

    /** How many can be ranked. */
    public static final int MOST_RANKED = 2_000_000;

    /** The same with another output. */
    AudienceRequest withOutput(Output other) {
        return new AudienceRequest(customers, where, top, exclude, other, since, warmCache, at);
    }

    /** The first so many by a number in CEL. */
    public record Top(int n, String by) {}

    /**
     * An earlier job.
     *
     * @param folder of its output
     * @param moved how far a score must have moved: |new - old| &gt; moved · max(1, |old|)
     */
    public record Since(Path folder, double moved) {

        public static final double MOVED = 0.05;
    }
}
