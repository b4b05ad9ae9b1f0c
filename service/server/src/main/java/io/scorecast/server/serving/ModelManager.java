package io.scorecast.server.serving;

import io.scorecast.engine.scorer.ScorerLoader;
import io.scorecast.server.store.ControlStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which versions serve. One thread does all of it, the {@link ServingLoop} and what callers ask, so that there is
 * one state and no lock; requests only ever read {@link LiveScorer}.
 */
public final class ModelManager implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelManager.class);

    /** How long the thread may take to end. */
    private static final Duration LAST_STEP = Duration.ofSeconds(10);

    private final ModelSettings settings;
    private final Clock clock;
    private final LiveScorer live;
    private final Lineup lineup;
    private final FolderWatch watch;
    private final ServingLoop loop;
    private final ModelCommands commands;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "models"));
    private final AtomicBoolean woken = new AtomicBoolean();
    private @Nullable AutoCloseable listener;

    public ModelManager(
            Path repository, ScorerLoader loader, LiveScorer live, Path pinFile, ModelSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.live = live;
        this.lineup = new Lineup(repository, loader, live, settings.keepPrevious(), clock);
        this.watch = new FolderWatch(repository, clock, this::wake);
        this.loop = new ServingLoop(settings, clock, lineup, watch, new PinFile(pinFile));
        this.commands = new ModelCommands(loop);
    }

    /** Proves what the repository holds, before Redis is there. */
    public void prepare() {
        onThread(() -> {
            loop.look();
            return true;
        });
    }

    /**
     * Goes live, and follows the repository and the other instances from now on.
     *
     * @return whether there is something that can answer
     */
    public boolean start(ControlStore control) {
        boolean ready = onThread(() -> {
            loop.join(new Fleet(control, clock, settings.patience()));
            return live.isReady();
        });
        listener = control.listen(this::wake);
        Future<?> unused = thread.scheduleWithFixedDelay(
                this::tick, settings.poll().toMillis(), settings.poll().toMillis(), TimeUnit.MILLISECONDS);
        return ready;
    }

    /** Calls {@code heard} whenever other versions have begun to serve. */
    public void onSwap(Runnable heard) {
        loop.onSwap(heard);
    }

    /** Tells {@code heard} whenever it was looked at what serves. */
    public void onReport(ServingListener heard) {
        loop.onReport(heard);
    }

    /** What there is and what serves. */
    public ServingReport report() {
        return loop.report();
    }

    /** Looks at the repository now; answers when what is being written there has come to rest, or after a few seconds. */
    public CompletableFuture<ServingReport> rescan() {
        return submit(commands::rescan);
    }

    /** Serves one version of a model until told otherwise. The future fails with a {@link ModelRefusal}. */
    public CompletableFuture<ServingReport> pin(String model, int version) {
        return submit(() -> commands.pin(model, version));
    }

    /** Serves the highest valid version of a model again. */
    public CompletableFuture<ServingReport> unpin(String model) {
        return submit(() -> commands.unpin(model));
    }

    /** Pins the version that served before, or else the next lower one. */
    public CompletableFuture<ServingReport> rollback(String model) {
        return submit(() -> commands.rollback(model));
    }

    /** Lets a version stand beside the live one. The future fails with a {@link ModelRefusal}. */
    public CompletableFuture<ServingReport> challenge(Challenge challenge) {
        return submit(() -> commands.challenge(challenge));
    }

    /** Ends the comparison of a model. */
    public CompletableFuture<ServingReport> endChallenge(String model) {
        return submit(() -> commands.endChallenge(model));
    }

    /** Makes the challenger of a model its champion. */
    public CompletableFuture<ServingReport> promote(String model) {
        return submit(() -> commands.promote(model));
    }

    /** How a model's challenger compares on this instance; null if it has none. */
    public @Nullable Map<String, Object> comparison(String model) {
        return lineup.comparison(model);
    }

    private void tick() {
        woken.set(false);
        try {
            loop.tick();
        } catch (RuntimeException | LinkageError | OutOfMemoryError | StackOverflowError e) {
            // Whatever a folder holds, the next look must come.
            LOG.error("The model repository could not be looked at", e);
        }
    }

    /** Before the start there is nobody to agree with. */
    private void wake() {
        if (loop.hasJoined() && woken.compareAndSet(false, true)) {
            thread.execute(this::tick);
        }
    }

    private <T> CompletableFuture<T> submit(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, thread);
    }

    private <T> T onThread(Supplier<T> work) {
        try {
            return submit(work).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    public void close() {
        watch.close();
        if (listener != null) {
            try {
                listener.close();
            } catch (Exception e) {
                LOG.debug("The listener did not stop cleanly", e);
            }
        }
        thread.shutdownNow();
        try {
            if (thread.awaitTermination(LAST_STEP.toMillis(), TimeUnit.MILLISECONDS)) {
                loop.leave();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        live.close();
        lineup.close();
    }
}
