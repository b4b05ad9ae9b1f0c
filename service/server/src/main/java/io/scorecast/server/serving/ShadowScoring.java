package io.scorecast.server.serving;

import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.scorer.Question;
import io.scorecast.engine.scorer.ScoreBatch;
import io.scorecast.engine.scorer.Scorer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Asks challengers in shadow mode about customers whom the champion has just answered, on one thread of its own: nobody
 * waits for it, and where it cannot keep up it leaves customers out.
 */
public final class ShadowScoring implements AutoCloseable {

    private static final int CAPACITY = 256;
    private static final Duration LAST_TASK = Duration.ofSeconds(5);

    private final LiveScorer live;
    private final BlockingQueue<Task> tasks = new ArrayBlockingQueue<>(CAPACITY);
    private final Thread thread = new Thread(this::run, "shadow");
    private @Nullable Scorer batchOwner;
    private @Nullable ScoreBatch batch;

    private record Task(Arms.Arm arm, Question question, byte[] log, Prediction champion) {}

    public ShadowScoring(LiveScorer live) {
        this.live = live;
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Takes what the champion answered.
     *
     * @param log the customer's log that it was computed from, whole
     */
    public void offer(byte[] log, Prediction champion) {
        Arms arms = live.arms();
        if (arms == null || arms.challengers().isEmpty()) {
            return;
        }
        for (Arms.Arm arm : arms.challengers()) {
            if (arm.challenge().mode() == Challenge.Mode.SHADOW
                    && arm.challenge().takes(champion.customer())) {
                Question question = new Question(champion.customer(), champion.asOf(), champion.asOf(), List.of());
                tasks.offer(new Task(arm, question, log, champion));
            }
        }
    }

    private void run() {
        try {
            while (true) {
                score(tasks.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void score(Task task) {
        ScorerHandle handle = task.arm().handle();
        if (!handle.retain()) {
            return; // The comparison has ended.
        }
        try (handle) {
            ScoreBatch rows = batch(handle.scorer());
            rows.clear();
            rows.add(task.question(), task.log(), 0, task.log().length);
            rows.score();
            task.arm().comparison().add(task.champion(), rows.prediction(0));
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            batch = null;
            task.arm().comparison().fail();
        }
    }

    private ScoreBatch batch(Scorer scorer) {
        ScoreBatch current = batch;
        if (current == null || batchOwner != scorer) {
            current = scorer.newBatch(1);
            batch = current;
            batchOwner = scorer;
        }
        return current;
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(LAST_TASK.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
