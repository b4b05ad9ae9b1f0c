package io.scorecast.server.serving;

import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.scorer.Scorer;
import io.scorecast.engine.scorer.ScorerLoader;
import io.scorecast.engine.scorer.ScorerLoader.Loaded;
import io.scorecast.engine.scorer.VersionStatus;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Scorer that answers, and what became of every version folder. A load builds and verifies beside the live one and
 * swaps one reference; where it fails, the old one keeps serving and the report says why.
 */
public final class LiveScorer implements ScorerSource, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveScorer.class);

    private final Path repository;
    private final ScorerLoader loader;
    private final Clock clock;
    private final AtomicReference<@Nullable ScorerHandle> live = new AtomicReference<>();
    private volatile Report report = new Report(List.of(), List.of(), 0);

    public LiveScorer(Path repository, ScorerLoader loader, Clock clock) {
        this.repository = repository;
        this.loader = loader;
        this.clock = clock;
    }

    /**
     * What the last load found.
     *
     * @param versions every version folder, by model, from the highest down
     * @param problems what is wrong beside the versions
     * @param since when it was swapped in, epoch milliseconds; 0 if nothing was
     */
    public record Report(List<VersionStatus> versions, List<Problem> problems, long since) {
        public Report {
            versions = List.copyOf(versions);
            problems = List.copyOf(problems);
        }
    }

    /**
     * Looks at the repository now, and swaps in what can be served.
     *
     * @return whether something can
     */
    public synchronized boolean load() {
        Loaded loaded = loader.load(repository);
        loaded.versions().stream()
                .filter(version -> version.state() == VersionStatus.State.REJECTED)
                .forEach(LiveScorer::logRejected);
        loaded.problems().forEach(problem -> LOG.warn("{}", problem));
        Scorer scorer = loaded.scorer();
        if (scorer == null) {
            report = new Report(loaded.versions(), loaded.problems(), report.since());
            return false;
        }
        ScorerHandle old = live.getAndSet(new ScorerHandle(scorer));
        report = new Report(loaded.versions(), loaded.problems(), clock.millis());
        if (old != null) {
            old.retire();
        }
        return true;
    }

    private static void logRejected(VersionStatus version) {
        version.problems()
                .forEach(problem -> LOG.warn("{}/{} is not served: {}", version.model(), version.version(), problem));
    }

    @Override
    public ScorerHandle acquire() {
        while (true) {
            ScorerHandle handle = live.get();
            if (handle == null) {
                throw new NotReadyException("no model version is live");
            }
            if (handle.retain()) {
                return handle;
            }
        }
    }

    /** Whether requests can be answered. */
    public boolean isReady() {
        return live.get() != null;
    }

    /** What the last load found. */
    public Report report() {
        return report;
    }

    @Override
    public void close() {
        ScorerHandle handle = live.getAndSet(null);
        if (handle != null) {
            handle.retire();
        }
    }
}
