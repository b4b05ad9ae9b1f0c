package io.scorecast.server.scoring;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.prediction.Reason;
import io.scorecast.server.catalogue.Catalogue;
import io.scorecast.server.serving.HeldScorers;
import io.scorecast.server.serving.NotReadyException;
import io.scorecast.server.serving.ScorerHandle;
import io.scorecast.server.serving.ScorerSource;
import io.scorecast.server.serving.ShadowScoring;
import io.scorecast.server.store.PredictionStore;
import io.scorecast.server.store.ProfileStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests for scores. Never blocks: what the near cache cannot answer goes to the batcher's threads. Every future
 * completes, at its deadline at the latest; it fails only if the service is not ready.
 */
public final class ScoreService implements AutoCloseable {

    /** Customers who are scored again after a swap, and how many of them at a time. */
    private static final int REWARM = 20_000;

    private static final int REWARM_TOGETHER = 16;

    private final ScorerSource scorers;
    private final Supplier<Catalogue.State> catalogue;
    private final ScoringSettings settings;
    private final ScoringMeters meters;
    private final Clock clock;
    private final Generations generations = new Generations();
    private final NearCache near;
    private final Batcher batcher;
    private final Deadlines deadlines;
    private final ThreadPoolExecutor rewarming = new ThreadPoolExecutor(
            0,
            1,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(1),
            work -> Thread.ofPlatform().daemon().name("rewarm").unstarted(work),
            new ThreadPoolExecutor.DiscardPolicy());

    /** Plain questions on their way, so that the same one is computed once. */
    private final ConcurrentHashMap<Flight, CompletableFuture<Answer>> flights = new ConcurrentHashMap<>();

    public ScoreService(
            ScorerSource scorers,
            Supplier<Catalogue.State> catalogue,
            ShadowScoring shadow,
            ProfileStore profiles,
            PredictionStore predictions,
            ScoringSettings settings,
            ScoringMeters meters,
            Clock clock) {
        this.scorers = scorers;
        this.catalogue = catalogue;
        this.settings = settings;
        this.meters = meters;
        this.clock = clock;
        this.near = new NearCache(settings.nearCacheBytes(), settings.proofAge().toNanos(), generations);
        this.deadlines = new Deadlines(settings.deadline(), this::expire);
        this.batcher = new Batcher(
                settings,
                meters,
                (capacity, sideLane) -> new ScoreWorker(
                        scorers,
                        catalogue,
                        profiles,
                        predictions,
                        near,
                        meters,
                        clock,
                        sideLane,
                        new ComputeStage(near, generations, shadow, meters, clock, capacity)));
    }

    /**
     * A question on its way.
     *
     * @param generation so that nobody joins a computation that began before a write that was acknowledged since
     * @param bulk single requests do not wait for the turn of a batch
     * @param fingerprint so that nobody joins a computation by a Scorer that was swapped out before the question
     */
    private record Flight(String customer, long generation, boolean bulk, String fingerprint) {}

    /** Answers one customer. */
    public CompletableFuture<Answer> score(ScoreRequest request) {
        return score(request, null);
    }

    /** Answers many, in their order and by the same Scorers; a customer asked for twice is computed once. */
    public CompletableFuture<List<Answer>> scoreAll(List<CustomerId> customers) {
        HeldScorers held;
        try {
            held = scorers.hold();
        } catch (NotReadyException e) {
            return CompletableFuture.failedFuture(e);
        }
        List<CompletableFuture<Answer>> answers = new ArrayList<>(customers.size());
        for (CustomerId customer : customers) {
            answers.add(score(ScoreRequest.plain(customer), held));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .whenComplete((all, failure) -> held.close())
                .thenApply(all -> answers.stream().map(CompletableFuture::join).toList());
    }

    private ScorerHandle acquire(ScoreRequest request, @Nullable HeldScorers held) {
        String customer = request.customer().value();
        return held == null ? scorers.acquire(customer) : held.acquire(customer);
    }

    private CompletableFuture<Answer> score(ScoreRequest request, @Nullable HeldScorers held) {
        boolean bulk = held != null;
        try (ScorerHandle handle = acquire(request, held)) {
            Basis basis = Basis.of(handle.scorer(), catalogue.get());
            if (!request.isPlain()) {
                ScoreJob job = job(request, held, 0);
                submit(job, basis);
                return job.future();
            }
            String customer = request.customer().value();
            long now = clock.millis();
            Answer known = near.fresh(customer, basis.fingerprint(), now);
            if (known != null) {
                meters.answered(CacheOutcome.NEAR);
                return CompletableFuture.completedFuture(known);
            }
            Flight flight = new Flight(customer, generations.of(customer), bulk, basis.fingerprint());
            ScoreJob job = job(request, held, flight.generation());
            CompletableFuture<Answer> other = flights.putIfAbsent(flight, job.future());
            if (other != null) {
                join(other, job, now);
                return job.future();
            }
            // Runs before whoever waits hears of the answer: from then on the next question is a new one.
            CompletableFuture<Answer> answer =
                    job.future().whenComplete((result, failure) -> flights.remove(flight, job.future()));
            submit(job, basis);
            return answer;
        } catch (NotReadyException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private ScoreJob job(ScoreRequest request, @Nullable HeldScorers held, long generation) {
        long now = System.nanoTime();
        Duration time = held != null ? settings.batchDeadline() : settings.deadline();
        return new ScoreJob(
                request, held != null, held, now + time.toNanos(), generation, now, new CompletableFuture<>());
    }

    private void submit(ScoreJob job, Basis basis) {
        CompletableFuture<Answer> unused = job.future().whenComplete((answer, failure) -> {
            if (answer != null) {
                meters.answered(answer.cache());
            }
        });
        if (batcher.offer(job)) {
            deadlines.watch(job);
        } else {
            meters.fallback(Reason.OVERLOADED);
            job.future().complete(Fallback.answer(basis, job.request(), Reason.OVERLOADED, clock.millis()));
        }
    }

    /** Waits for another's answer, no longer than its own deadline. */
    private void join(CompletableFuture<Answer> other, ScoreJob job, long asked) {
        deadlines.watch(job);
        CompletableFuture<Answer> unused = other.whenComplete((answer, failure) -> {
            if (answer == null) {
                job.future().completeExceptionally(failure);
            } else if (answer.lasting() && asked >= answer.validUntil()) {
                // It turned between the other's question and this one.
                again(job);
            } else {
                share(answer, job);
            }
        });
    }

    private void share(Answer answer, ScoreJob job) {
        boolean computed = answer.cache() == CacheOutcome.NONE && answer.lasting();
        CacheOutcome outcome = computed ? CacheOutcome.SHARED : answer.cache();
        if (job.future().complete(answer.from(outcome))) {
            meters.answered(outcome);
        }
    }

    private void again(ScoreJob job) {
        try (ScorerHandle handle = acquire(job.request(), job.held())) {
            submit(job, Basis.of(handle.scorer(), catalogue.get()));
        } catch (NotReadyException e) {
            job.future().completeExceptionally(e);
        }
    }

    private void expire(ScoreJob job) {
        try (ScorerHandle handle = acquire(job.request(), job.held())) {
            Basis basis = Basis.of(handle.scorer(), catalogue.get());
            Answer answer = Fallback.answer(basis, job.request(), Reason.TIMEOUT, clock.millis());
            if (job.future().complete(answer)) {
                meters.fallback(Reason.TIMEOUT);
            }
        } catch (RuntimeException e) {
            job.future().completeExceptionally(e);
        }
    }

    /**
     * This process has written to a customer's profile. To be called when Redis has taken the write and before anyone is
     * told so: from then on no older answer is served or kept here.
     */
    public void written(CustomerId customer) {
        near.written(customer.value());
    }

    /**
     * Another Scorer answers now: the customers asked for most are scored again ahead of their readers, a few at a time and
     * behind whoever asks.
     */
    public void rewarm() {
        rewarming.execute(() -> {
            for (List<CustomerId> next : near.hottest(REWARM, REWARM_TOGETHER)) {
                List<Answer> unused = scoreAll(next).join();
            }
        });
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
        rewarming.shutdownNow();
        batcher.close();
        deadlines.close();
    }
}
