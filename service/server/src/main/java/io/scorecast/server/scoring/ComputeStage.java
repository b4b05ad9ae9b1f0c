package io.scorecast.server.scoring;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.profile.LogHeader;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.engine.scorer.Question;
import io.scorecast.engine.scorer.ScoreBatch;
import io.scorecast.engine.scorer.Scorer;
import io.scorecast.server.serving.ShadowScoring;
import io.scorecast.server.store.CachedPrediction;
import io.scorecast.server.store.PredictionStore.Kept;
import io.scorecast.server.store.StoredLog;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stage between reading and keeping: logs to answers, all customers of a batch together. Owned by one thread. */
final class ComputeStage {

    private static final Logger LOG = LoggerFactory.getLogger(ComputeStage.class);

    private final NearCache near;
    private final Generations generations;
    private final ShadowScoring shadow;
    private final ScoringMeters meters;
    private final Clock clock;
    private final int capacity;
    private @Nullable Scorer batchOwner;
    private @Nullable ScoreBatch batch;

    ComputeStage(
            NearCache near,
            Generations generations,
            ShadowScoring shadow,
            ScoringMeters meters,
            Clock clock,
            int capacity) {
        this.near = near;
        this.generations = generations;
        this.shadow = shadow;
        this.meters = meters;
        this.clock = clock;
        this.capacity = capacity;
    }

    /**
     * Answers every job that can be scored; those that cannot are left as they are.
     *
     * @param asked {@link System#nanoTime} from before the logs were read
     * @param kept takes what is worth keeping
     */
    void answer(List<Miss> misses, List<StoredLog> logs, Basis basis, long asked, List<Kept> kept) {
        try {
            score(misses, logs, basis, asked, kept);
        } catch (RuntimeException e) {
            batch = null;
            if (misses.size() == 1) {
                LOG.error("A customer could not be scored", e);
                return;
            }
            // One bad customer must not take the others' answers: each once more, alone.
            for (int i = 0; i < misses.size(); i++) {
                if (!misses.get(i).job().future().isDone()) {
                    answer(List.of(misses.get(i)), List.of(logs.get(i)), basis, asked, kept);
                }
            }
        }
    }

    private void score(List<Miss> misses, List<StoredLog> logs, Basis basis, long asked, List<Kept> kept) {
        ScoreBatch rows = batch(basis.scorer());
        rows.clear();
        for (int i = 0; i < misses.size(); i++) {
            add(rows, misses.get(i).job().request(), logs.get(i).bytes());
        }
        rows.score();
        meters.batch(misses.size());
        for (int i = 0; i < misses.size(); i++) {
            long start = System.nanoTime();
            Prediction prediction = rows.prediction(i, basis.catalogue());
            Answer answer = answer(prediction, basis.scorer());
            meters.encoded(System.nanoTime() - start);
            finish(misses.get(i), answer, logs.get(i), basis, asked, kept);
            if (answer.lasting() && misses.get(i).job().request().isPlain()) {
                shadow.offer(logs.get(i).bytes(), prediction);
            }
        }
    }

    private void add(ScoreBatch rows, ScoreRequest request, byte[] log) {
        long now = clock.millis();
        Long at = request.at();
        Question question = new Question(request.customer().value(), at == null ? now : at, now, request.exclude());
        byte[] bytes = log;
        if (!request.context().isEmpty()) {
            byte[] begun = log.length == 0 ? ProfileLog.header(new LogHeader(0, 0)) : log;
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

    private void finish(Miss miss, Answer answer, StoredLog log, Basis basis, long asked, List<Kept> kept) {
        ScoreJob job = miss.job();
        if (answer.lasting() && job.request().isPlain()) {
            CustomerId customer = job.request().customer();
            near.put(customer.value(), answer, basis.fingerprint(), log.identity(), job.generation(), asked);
            if (generations.of(customer.value()) == job.generation()) {
                kept.add(new Kept(
                        customer,
                        log.identity(),
                        new CachedPrediction(answer.body(), answer.validUntil()),
                        miss.replaces()));
            }
        }
        job.future().complete(answer);
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
