package io.scorecast.server.audience;

import io.scorecast.engine.scorer.Scorer;
import io.scorecast.engine.scorer.ScorerLoader;
import io.scorecast.engine.scorer.ScorerMetrics;
import io.scorecast.engine.scorer.ScorerSettings;
import io.scorecast.engine.scorer.Selection;
import io.scorecast.server.serving.ScorerHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Where a job gets its one Scorer from: the live one at its start, the very same versions when it goes on. */
public final class PinnedScorers {

    private final Supplier<ScorerHandle> live;
    private final Path repository;
    private final ScorerSettings settings;

    /**
     * @param live the live Scorer, in use until the handle is closed
     */
    public PinnedScorers(Supplier<ScorerHandle> live, Path repository, ScorerSettings settings) {
        this.live = live;
        this.repository = repository;
        this.settings = settings;
    }

    /** The live one, in use until the handle is closed. */
    ScorerHandle acquire() {
        return live.get();
    }

    /**
     * One that answers as an earlier one did.
     *
     * @throws AudienceException if its versions are no longer there, or are other ones
     */
    ScorerHandle acquire(Map<String, Integer> versions, String fingerprint) {
        ScorerHandle now = live.get();
        if (now.scorer().fingerprint().equals(fingerprint)) {
            return now;
        }
        now.close();
        // Closing the loader lets go of its own use of the versions; the Scorer keeps them open.
        try (ScorerLoader loader = new ScorerLoader(settings, ScorerMetrics.NOOP)) {
            Scorer scorer = loader.load(repository, new Selection(versions, Map.of()), List.of())
                    .scorer();
            if (scorer == null || !scorer.fingerprint().equals(fingerprint)) {
                if (scorer != null) {
                    scorer.close();
                }
                throw new AudienceException(
                        "", "the versions that the job began with, " + versions + ", cannot be served any more");
            }
            return new ScorerHandle(scorer);
        }
    }
}
