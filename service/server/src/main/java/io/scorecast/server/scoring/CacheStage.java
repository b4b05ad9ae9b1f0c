package io.scorecast.server.scoring;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.server.store.CachedPrediction;
import io.scorecast.server.store.PredictionStore;
import io.scorecast.server.store.PredictionStore.Probe;
import io.scorecast.server.store.PredictionStore.Proof;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first stage of a batch: one round trip proves what the near cache holds, fetches what Redis holds, and reads the logs
 * of the rest; of long ones it tells the length only. Owned by one thread.
 */
final class CacheStage {

    private final PredictionStore predictions;
    private final NearCache near;
    private final List<Probe> probes = new ArrayList<>();
    private final List<NearCache.@Nullable Entry> entries = new ArrayList<>();
    private final List<ScoreJob> overtaken = new ArrayList<>();

    CacheStage(PredictionStore predictions, NearCache near) {
        this.predictions = predictions;
        this.near = near;
    }

    /**
     * Answers what a cache holds.
     *
     * @param asked {@link System#nanoTime} from before the call
     * @param now epoch milliseconds
     * @param misses takes the others
     */
    void answer(List<ScoreJob> jobs, Basis basis, long asked, long now, List<Miss> misses) {
        overtaken.clear();
        prove(jobs, basis, asked, now, true, misses);
        if (!overtaken.isEmpty()) {
            // The near cache's answer is out of date; another instance may have kept the new one, and its bytes count.
            prove(List.copyOf(overtaken), basis, asked, now, false, misses);
        }
    }

    private void prove(List<ScoreJob> jobs, Basis basis, long asked, long now, boolean useNear, List<Miss> misses) {
        probes.clear();
        entries.clear();
        for (ScoreJob job : jobs) {
            CustomerId customer = job.request().customer();
            boolean plain = job.request().isPlain();
            NearCache.Entry entry = plain && useNear ? near.get(customer.value(), basis.fingerprint(), now) : null;
            entries.add(entry);
            probes.add(new Probe(customer, plain && entry == null, entry == null));
        }
        List<Proof> proofs = predictions.prove(probes, basis.fingerprint(), now);
        for (int i = 0; i < jobs.size(); i++) {
            ScoreJob job = jobs.get(i);
            Proof proof = proofs.get(i);
            NearCache.Entry entry = entries.get(i);
            if (entry != null) {
                if (entry.identity().equals(proof.identity())) {
                    near.proven(entry, asked);
                    job.future().complete(entry.answer());
                } else {
                    overtaken.add(job);
                }
            } else if (proof.prediction() != null) {
                answerFromRedis(job, proof, proof.prediction(), basis, asked);
            } else {
                misses.add(new Miss(job, proof.identity(), proof.log(), proof.other()));
            }
        }
    }

    private void answerFromRedis(ScoreJob job, Proof proof, CachedPrediction prediction, Basis basis, long asked) {
        Answer answer = new Answer(
                prediction.body(),
                basis.scorer().schema(),
                AnswerJson.asOf(prediction.body()),
                prediction.validUntil(),
                true,
                CacheOutcome.REDIS);
        String customer = job.request().customer().value();
        near.put(customer, answer, basis.fingerprint(), proof.identity(), job.generation(), asked);
        job.future().complete(answer);
    }
}
