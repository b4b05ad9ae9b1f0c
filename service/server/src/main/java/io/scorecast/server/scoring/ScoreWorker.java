package io.scorecast.server.scoring;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.prediction.Reason;
import io.scorecast.engine.profile.LogHeader;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.engine.scorer.Question;
import io.scorecast.engine.scorer.ScoreBatch;
import io.scorecast.engine.scorer.Scorer;
import io.scorecast.server.serving.ScorerHandle;
import io.scorecast.server.serving.ScorerSource;
import io.scorecast.server.store.CachedPrediction;
import io.scorecast.server.store.LogIdentity;
import io.scorecast.server.store.PredictionStore;
import io.scorecast.server.store.PredictionStore.Kept;
import io.scorecast.server.store.PredictionStore.Probe;
import io.scorecast.server.store.PredictionStore.Proof;
import io.scorecast.server.store.ProfileStore;
import io.scorecast.server.store.StoreUnavailableException;
import io.scorecast.server.store.StoredLog;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a batch of requests in stages: proofs of what is cached, logs of the rest, scores, and last, when the answers
 * have left, their keeping. Owned by one thread.
 */
final class ScoreWorker {

    private static final Logger LOG = LoggerFactory.getLogger(ScoreWorker.class);

    private final ScorerSource scorers;
    private final ProfileStore profiles;
    private final PredictionStore predictions;
    private final NearCache near;
    private final Generations generations;
    private final ScoringMeters meters;
    private final Clock clock;
    private final int capacity;
    private final List<ScoreJob> misses = new ArrayList<>();
    private final List<Kept> kept = new ArrayList<>();
    private @Nullable Scorer batchOwner;
    private @Nullable ScoreBatch batch;

    ScoreWorker(
            ScorerSource scorers,
            ProfileStore profiles,
            PredictionStore predictions,
            NearCache near,
            Generations generations,
            ScoringMeters meters,
            Clock clock,
            int capacity) {
        this.scorers = scorers;
        this.profiles = profiles;
        this.predictions = predictions;
        this.near = near;
        this.generations = generations;
        this.meters = meters;
        this.clock = clock;
        this.capacity = capacity;
    }

    /** Completes every job, whatever happens. */
    void answer(List<ScoreJob> jobs) {
        misses.clear();
        kept.clear();
        try (ScorerHandle handle = scorers.acquire()) {
            Scorer scorer = handle.scorer();
            try {
                answer(jobs, scorer);
            } catch (StoreUnavailableException e) {
                fallback(jobs, scorer, Reason.STORE_UNAVAILABLE);
            } catch (RuntimeException e) {
                LOG.error("A batch of {} could not be scored", jobs.size(), e);
                fallback(jobs, scorer, Reason.TIMEOUT);
            }
        } catch (RuntimeException e) {
            jobs.forEach(job -> job.future().completeExceptionally(e));
        }
    }

    private void answer(List<ScoreJob> jobs, Scorer scorer) {
        long asked = System.nanoTime();
        prove(jobs, scorer, asked);
        if (misses.isEmpty()) {
            return;
        }
        List<StoredLog> logs = profiles.read(
                misses.stream().map(job -> job.request().customer()).toList());
        meters.read(System.nanoTime() - asked);
        if (!score(logs, scorer, asked)) {
            // One bad customer must not take the others' answers: each once more, alone.
            for (int i = 0; i < misses.size(); i++) {
                scoreAlone(misses.get(i), logs.get(i), scorer, asked);
            }
        }
        keep(scorer);
    }

    /** Answers what a cache holds; the others become misses. */
    private void prove(List<ScoreJob> jobs, Scorer scorer, long asked) {
        long now = clock.millis();
        List<ScoreJob> plain = new ArrayList<>(jobs.size());
        List<Probe> probes = new ArrayList<>(jobs.size());
        List<NearCache.@Nullable Entry> entries = new ArrayList<>(jobs.size());
        for (ScoreJob job : jobs) {
            if (job.request().isPlain()) {
                CustomerId customer = job.request().customer();
                NearCache.Entry entry = near.get(customer.value(), scorer.fingerprint(), now);
                plain.add(job);
                entries.add(entry);
                probes.add(new Probe(customer, entry == null));
            } else {
                misses.add(job);
            }
        }
        if (plain.isEmpty()) {
            return;
        }
        List<Proof> proofs = predictions.prove(probes, scorer.fingerprint(), now);
        for (int i = 0; i < plain.size(); i++) {
            if (!answerFromCache(plain.get(i), entries.get(i), proofs.get(i), scorer, asked)) {
                misses.add(plain.get(i));
            }
        }
    }

    private boolean answerFromCache(
            ScoreJob job, NearCache.@Nullable Entry entry, Proof proof, Scorer scorer, long asked) {
        if (entry != null) {
            if (!entry.identity().equals(proof.identity())) {
                return false;
            }
            near.proven(entry, asked);
            job.future().complete(entry.answer());
            return true;
        }
        CachedPrediction prediction = proof.prediction();
        if (prediction == null) {
            return false;
        }
        Answer answer = new Answer(
                prediction.body(),
                scorer.schema(),
                AnswerJson.asOf(prediction.body()),
                prediction.validUntil(),
                true,
                CacheOutcome.REDIS);
        near.put(
                job.request().customer().value(),
                answer,
                scorer.fingerprint(),
                proof.identity(),
                job.generation(),
                asked);
        job.future().complete(answer);
        return true;
    }

    /** Scores all misses together; false if that failed, and then none is answered. */
    private boolean score(List<StoredLog> logs, Scorer scorer, long asked) {
        try {
            ScoreBatch rows = batch(scorer);
            rows.clear();
            for (int i = 0; i < misses.size(); i++) {
                add(rows, misses.get(i), logs.get(i));
            }
            rows.score();
            meters.batch(misses.size());
            List<Answer> answers = new ArrayList<>(misses.size());
            for (int i = 0; i < misses.size(); i++) {
                answers.add(answer(rows.prediction(i), scorer));
            }
            for (int i = 0; i < misses.size(); i++) {
                finish(misses.get(i), answers.get(i), logs.get(i).identity(), scorer, asked);
            }
            return true;
        } catch (RuntimeException e) {
            batch = null;
            if (misses.size() == 1) {
                throw e;
            }
            return false;
        }
    }

    private void scoreAlone(ScoreJob job, StoredLog log, Scorer scorer, long asked) {
        try {
            ScoreBatch rows = batch(scorer);
            rows.clear();
            add(rows, job, log);
            rows.score();
            finish(job, answer(rows.prediction(0), scorer), log.identity(), scorer, asked);
        } catch (RuntimeException e) {
            LOG.error("A customer could not be scored", e);
            batch = null;
            fallback(List.of(job), scorer, Reason.TIMEOUT);
        }
    }

    private void add(ScoreBatch rows, ScoreJob job, StoredLog log) {
        ScoreRequest request = job.request();
        long now = clock.millis();
        Long at = request.at();
        Question question = new Question(request.customer().value(), at == null ? now : at, now, request.exclude());
        byte[] bytes = log.bytes();
        if (!request.context().isEmpty()) {
            byte[] begun = bytes.length == 0 ? ProfileLog.header(new LogHeader(0, 0)) : bytes;
            bytes = ProfileLog.append(begun, 0, begun.length, request.context(), Event::time);
        }
        rows.add(question, bytes, 0, bytes.length);
    }

    private static Answer answer(Prediction prediction, Scorer scorer) {
        return new Answer(
                scorer.json().encode(prediction, null, Integer.MAX_VALUE),
                scorer.schema(),
                prediction.asOf(),
                prediction.validUntil(),
                prediction.personalized() && prediction.degraded().isEmpty(),
                CacheOutcome.NONE);
    }

    private void finish(ScoreJob job, Answer answer, LogIdentity identity, Scorer scorer, long asked) {
        if (answer.lasting() && job.request().isPlain()) {
            CustomerId customer = job.request().customer();
            near.put(customer.value(), answer, scorer.fingerprint(), identity, job.generation(), asked);
            if (generations.of(customer.value()) == job.generation()) {
                kept.add(new Kept(customer, identity, new CachedPrediction(answer.body(), answer.validUntil())));
            }
        }
        job.future().complete(answer);
    }

    /** The answers have left: a failure here costs nobody anything. */
    private void keep(Scorer scorer) {
        if (kept.isEmpty()) {
            return;
        }
        long start = System.nanoTime();
        try {
            List<Boolean> stored = predictions.keep(kept, scorer.fingerprint(), clock.millis());
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

    private void fallback(List<ScoreJob> jobs, Scorer scorer, Reason reason) {
        for (ScoreJob job : jobs) {
            if (!job.future().isDone()) {
                job.future().complete(Fallback.answer(scorer, job.request(), reason, clock.millis()));
                meters.fallback(reason);
            }
        }
    }

    private ScoreBatch batch(Scorer scorer) {
        ScoreBatch current = batch;
        if (current == null || batchOwner != scorer) {
            current = scorer.newBatch(capacity);
            batch = current;
            batchOwner = scorer;
        }
        return current;
    }
}
