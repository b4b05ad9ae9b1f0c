package io.scorecast.server.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.event.CustomerId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DeadlinesTest {

    private static final Duration SHORT = Duration.ofMillis(60);

    private final List<ScoreJob> expired = new CopyOnWriteArrayList<>();

    @Test
    void watch_requestWhoseTimeIsUp_isToldOnceAndNotEarly() throws InterruptedException {
        CompletableFuture<Long> told = new CompletableFuture<>();
        try (Deadlines deadlines = new Deadlines(SHORT, job -> {
            expired.add(job);
            told.complete(System.nanoTime());
        })) {
            ScoreJob answered = job(SHORT);
            ScoreJob late = job(SHORT);
            answered.future().cancel(false);
            deadlines.watch(answered);
            deadlines.watch(late);
            assertThat(told.join() - late.deadlineNanos()).isPositive();
            assertThat(expired).containsExactly(late);
        }
    }

    @Test
    void close_endsTheWaitingOfAll() {
        ScoreJob waiting = job(Duration.ofHours(1));
        try (Deadlines deadlines = new Deadlines(SHORT, expired::add)) {
            deadlines.watch(waiting);
        }
        assertThat(expired).containsExactly(waiting);
    }

    private static ScoreJob job(Duration time) {
        long now = System.nanoTime();
        return new ScoreJob(
                ScoreRequest.plain(CustomerId.of("c")),
                false,
                null,
                now + time.toNanos(),
                0,
                now,
                new CompletableFuture<>());
    }
}
