package io.scorecast.server.scoring;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.prediction.Reason;
import io.scorecast.engine.scorer.Scorer;
import io.scorecast.server.serving.NotReadyException;
import io.scorecast.server.serving.ScorerHandle;
import io.scorecast.server.serving.ScorerSource;
import io.scorecast.server.store.PredictionStore;
import io.scorecast.server.store.ProfileStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests for scores. Never blocks: what the near cache cannot answer goes to the batcher's threads. Every future
 * completes, at its deadline at the latest; it fails only if the service is not ready.
 */
public final class ScoreService implements AutoCloseable {

    private final ScorerSource scorers;
    private final ScoringSettings settings;
    private final ScoringMeters meters;
    private final Clock clock;
    private final Generations generations = new Generations();
    private final NearCache near;
    private final Batcher batcher;

    /** Plain questions on their way, so that the same one is computed once. */
    private final ConcurrentHashMap<Flight, CompletableFuture<Answer>> flights = new ConcurrentHashMap<>();

    public ScoreService(
            ScorerSource scorers,
            ProfileStore profiles,
            PredictionStore predictions,
            ScoringSettings settings,
            ScoringMeters meters,
            Clock clock) {
        this.scorers = scorers;
        this.settings = settings;
        this.meters = meters;
        this.clock = clock;
        this.near = new NearCache(settings.nearCacheBytes(), settings.proofAge().toNanos(), generations);
        this.batcher = new Batcher(
                settings,
                meters,
                () -> new ScoreWorker(
                        scorers, profiles, predictions, near, generations, meters, clock, settings.batchSize()));
    }

    /**
     * A question on its way.
     *
     * @param generation so that nobody joins a computation that began before a write that was acknowledged since
     */
    private record Flight(String customer, long generation) {}

    /** Answers one customer. */
    public CompletableFuture<Answer> score(ScoreRequest request) {
        return score(request, settings.deadline());
    }

    /** Answers many, in their order; a customer asked for twice is computed once. */
    public CompletableFuture<List<Answer>> scoreAll(List<CustomerId> customers) {
        List<CompletableFuture<Answer>> answers = new ArrayList<>(customers.size());
        for (CustomerId customer : customers) {
            answers.add(score(ScoreRequest.plain(customer), settings.batchDeadline()));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all -> answers.stream().map(CompletableFuture::join).toList());
    }

    private CompletableFuture<Answer> score(ScoreRequest request, Duration deadline) {
        try (ScorerHandle handle = scorers.acquire()) {
            Scorer scorer = handle.scorer();
            if (!request.isPlain()) {
                return submit(request, deadline, 0, scorer);
            }
            String customer = request.customer().value();
            Answer known = near.fresh(customer, scorer.fingerprint(), clock.millis());
            if (known != null) {
                meters.answered(CacheOutcome.NEAR);
                return CompletableFuture.completedFuture(known);
            }
            Flight flight = new Flight(customer, generations.of(customer));
            CompletableFuture<Answer> other = flights.get(flight);
            if (other != null) {
                return join(other, request, deadline);
            }
            return take(flight, request, deadline, scorer);
        } catch (NotReadyException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Answer> take(Flight flight, ScoreRequest request, Duration deadline, Scorer scorer) {
        CompletableFuture<Answer> mine = new CompletableFuture<>();
        CompletableFuture<Answer> other = flights.putIfAbsent(flight, mine);
        if (other != null) {
            return join(other, request, deadline);
        }
        CompletableFuture<Answer> answer = submit(request, deadline, flight.generation(), scorer);
        return answer.whenComplete((result, failure) -> {
            flights.remove(flight, mine);
            complete(mine, result, failure);
        });
    }

    private static void complete(
            CompletableFuture<Answer> future, @Nullable Answer result, @Nullable Throwable failure) {
        if (result != null) {
            future.complete(result);
        } else if (failure != null) {
            future.completeExceptionally(failure);
        }
    }

    /** Waits for another's answer, no longer than its own deadline. */
    private CompletableFuture<Answer> join(CompletableFuture<Answer> other, ScoreRequest request, Duration deadline) {
        CompletableFuture<Answer> mine = other.thenApply(answer -> {
            CacheOutcome outcome =
                    answer.cache() == CacheOutcome.NONE && answer.lasting() ? CacheOutcome.SHARED : answer.cache();
            meters.answered(outcome);
            return answer.from(outcome);
        });
        return guard(mine, request, deadline);
    }

    private CompletableFuture<Answer> submit(ScoreRequest request, Duration deadline, long generation, Scorer scorer) {
        CompletableFuture<Answer> future = new CompletableFuture<>();
        long now = System.nanoTime();
        ScoreJob job = new ScoreJob(request, now + deadline.toNanos(), generation, now, future);
        if (!batcher.offer(job)) {
            meters.fallback(Reason.OVERLOADED);
            future.complete(Fallback.answer(scorer, request, Reason.OVERLOADED, clock.millis()));
            return future;
        }
        return guard(future, request, deadline).whenComplete((answer, failure) -> {
            if (answer != null) {
                meters.answered(answer.cache());
            }
        });
    }

    /** Completes the future with the fallback when its time is up. */
    private CompletableFuture<Answer> guard(CompletableFuture<Answer> future, ScoreRequest request, Duration deadline) {
        if (future.isDone()) {
            return future;
        }
        CompletableFuture<Boolean> alarm = new CompletableFuture<>();
        CompletableFuture<Void> unused = alarm.completeOnTimeout(true, deadline.toNanos(), TimeUnit.NANOSECONDS)
                .thenRunAsync(() -> expire(future, request));
        return future.whenComplete((answer, failure) -> alarm.cancel(false));
    }

    private void expire(CompletableFuture<Answer> future, ScoreRequest request) {
        if (future.isDone()) {
            return;
        }
        try (ScorerHandle handle = scorers.acquire()) {
            Answer answer = Fallback.answer(handle.scorer(), request, Reason.TIMEOUT, clock.millis());
            if (future.complete(answer)) {
                meters.fallback(Reason.TIMEOUT);
            }
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
        }
    }

    /**
     * This process has written to a customer's profile. To be called when Redis has taken the write and before anyone is
     * told so: from then on no older answer is served or kept here.
     */
    public void written(CustomerId customer) {
        near.written(customer.value());
    }

    /** Requests waiting for a thread. */
    public int queued() {
        return batcher.queued();
    }

    /** Answers in the near cache. */
    public long nearEntries() {
        return near.size();
    }

    /** Answers what waits, with fallbacks where it takes too long, and ends the threads. */
    @Override
    public void close() {
        batcher.close();
    }
}
