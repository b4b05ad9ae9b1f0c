package io.scorecast.server.scoring;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.prediction.Reason;
import io.scorecast.server.catalogue.Catalogue;
import io.scorecast.server.serving.HeldScorers;
import io.scorecast.server.serving.NotReadyException;
import io.scorecast.server.serving.ScorerHandle;
import io.scorecast.server.serving.ScorerSource;
import io.scorecast.server.store.PredictionStore;
import io.scorecast.server.store.PredictionStore.Kept;
import io.scorecast.server.store.ProfileStore;
import io.scorecast.server.store.StoreUnavailableException;
import io.scorecast.server.store.StoredLog;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a batch of requests through the stages: proofs of what is cached, logs of the rest, scores, and last, when the
 * answers have left, their keeping. One Scorer answers a whole batch, or the part of it that belongs to a challenger's share
 * or to a request about many that began with another Scorer. Owned by one thread.
 */
final class ScoreWorker implements Consumer<List<ScoreJob>> {

    private static final Logger LOG = LoggerFactory.getLogger(ScoreWorker.class);

    /** A log of so many bytes, some two thousand events, takes milliseconds: it goes to the side lane. */
    static final long LONG_LOG = 128 << 10;

    /** The most bytes of logs that are read and scored together: sixty-four ordinary customers have about as much. */
    private static final long BATCH_WORK = 256 << 10;

    private final ScorerSource scorers;
    private final Supplier<Catalogue.State> catalogue;
    private final ProfileStore profiles;
    private final PredictionStore predictions;
    private final NearCache near;
    private final ScoringMeters meters;
    private final Clock clock;
    private final @Nullable Predicate<ScoreJob> sideLane;
    private final CacheStage caches;
    private final ComputeStage compute;
    private final List<Miss> misses = new ArrayList<>();
    private final List<Miss> together = new ArrayList<>();
    private final List<Kept> kept = new ArrayList<>();

    ScoreWorker(
            ScorerSource scorers,
            Supplier<Catalogue.State> catalogue,
            ProfileStore profiles,
            PredictionStore predictions,
            NearCache near,
            ScoringMeters meters,
            Clock clock,
            @Nullable Predicate<ScoreJob> sideLane,
            ComputeStage compute) {
        this.scorers = scorers;
        this.catalogue = catalogue;
        this.profiles = profiles;
        this.predictions = predictions;
        this.near = near;
        this.meters = meters;
        this.clock = clock;
        this.sideLane = sideLane;
        this.caches = new CacheStage(predictions, near);
        this.compute = compute;
    }

    /** Completes every job, whatever happens; those for the side lane are left to it. */
    @Override
    public void accept(List<ScoreJob> jobs) {
        try {
            if (jobs.getFirst().bulk() || scorers.isSplit()) {
                answerArms(new ArrayList<>(jobs));
            } else {
                try (ScorerHandle handle = scorers.acquire()) {
                    answer(jobs, Basis.of(handle.scorer(), catalogue.get()));
                }
            }
        } catch (RuntimeException e) {
            jobs.forEach(job -> job.future().completeExceptionally(e));
        }
    }

    /** Each Scorer answers its own jobs. */
    private void answerArms(List<ScoreJob> jobs) {
        while (!jobs.isEmpty()) {
            ScoreJob first = jobs.removeFirst();
            try (ScorerHandle handle = arm(first)) {
                List<ScoreJob> mine = new ArrayList<>(jobs.size() + 1);
                mine.add(first);
                jobs.removeIf(job -> isFor(handle, job) && mine.add(job));
                answer(mine, Basis.of(handle.scorer(), catalogue.get()));
            } catch (NotReadyException e) {
                first.future().completeExceptionally(e);
            }
        }
    }

    private boolean isFor(ScorerHandle handle, ScoreJob job) {
        try (ScorerHandle other = arm(job)) {
            return other.scorer() == handle.scorer();
        } catch (NotReadyException e) {
            return false; // Its turn comes.
        }
    }

    private ScorerHandle arm(ScoreJob job) {
        String customer = job.request().customer().value();
        HeldScorers held = job.held();
        return held == null ? scorers.acquire(customer) : held.acquire(customer);
    }

    private void answer(List<ScoreJob> jobs, Basis basis) {
        misses.clear();
        kept.clear();
        try {
            long asked = System.nanoTime();
            caches.answer(jobs, basis, asked, clock.millis(), misses);
            meters.proven(System.nanoTime() - asked);
            turnAside(jobs, basis);
            answerMisses(basis, asked);
        } catch (StoreUnavailableException e) {
            fallback(jobs, basis, Reason.STORE_UNAVAILABLE);
        } catch (RuntimeException e) {
            LOG.error("A batch of {} could not be scored", jobs.size(), e);
            fallback(jobs, basis, Reason.TIMEOUT);
        }
        keep(basis);
    }

    private void turnAside(List<ScoreJob> jobs, Basis basis) {
        Predicate<ScoreJob> lane = sideLane;
        if (lane == null) {
            return;
        }
        for (int i = misses.size() - 1; i >= 0; i--) {
            if (misses.get(i).work() > LONG_LOG) {
                ScoreJob job = misses.remove(i).job();
                jobs.remove(job);
                if (!lane.test(job)) {
                    fallback(List.of(job), basis, Reason.OVERLOADED);
                }
            }
        }
    }

    /** As many together as are not too much work; who gave up meanwhile costs nothing. */
    private void answerMisses(Basis basis, long asked) {
        int next = 0;
        while (next < misses.size()) {
            together.clear();
            long work = 0;
            long now = System.nanoTime();
            while (next < misses.size()
                    && (together.isEmpty() || work + misses.get(next).work() <= BATCH_WORK)) {
                Miss miss = misses.get(next++);
                if (!miss.job().isOver(now)) {
                    work += miss.work();
                    together.add(miss);
                }
            }
            if (!together.isEmpty()) {
                compute.answer(together, logs(now), basis, asked, kept);
                fallback(together.stream().map(Miss::job).toList(), basis, Reason.TIMEOUT);
            }
        }
    }

    /** The logs, in order; those that are not there yet are read. */
    private List<StoredLog> logs(long asked) {
        List<CustomerId> unread = new ArrayList<>();
        for (Miss miss : together) {
            if (miss.log() == null) {
                unread.add(miss.job().request().customer());
            }
        }
        Iterator<StoredLog> read = Collections.emptyIterator();
        if (!unread.isEmpty()) {
            read = profiles.read(unread).iterator();
            meters.read(System.nanoTime() - asked);
        }
        List<StoredLog> logs = new ArrayList<>(together.size());
        for (Miss miss : together) {
            StoredLog known = miss.log();
            logs.add(known == null ? read.next() : known);
        }
        return logs;
    }

    /** The answers have left: a failure here costs nobody anything. */
    private void keep(Basis basis) {
        if (kept.isEmpty()) {
            return;
        }
        long start = System.nanoTime();
        try {
            List<Boolean> stored = predictions.keep(kept, basis.fingerprint(), clock.millis());
            for (int i = 0; i < kept.size(); i++) {
                if (!stored.get(i)) {
                    // Another instance was first: its bytes are the ones that all serve.
                    near.forget(kept.get(i).customer().value());
                }
            }
        } catch (RuntimeException e) {
            LOG.debug("Predictions could not be kept", e);
        }
        meters.kept(System.nanoTime() - start);
    }

    private void fallback(List<ScoreJob> jobs, Basis basis, Reason reason) {
        for (ScoreJob job : jobs) {
            if (!job.future().isDone()
                    && job.future().complete(Fallback.answer(basis, job.request(), reason, clock.millis()))) {
                meters.fallback(reason);
            }
        }
    }
}
