package io.scorecast.server.serving;

import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.scorer.ScorerLoader;
import io.scorecast.engine.scorer.ScorerLoader.Loaded;
import io.scorecast.engine.scorer.Selection;
import io.scorecast.engine.scorer.VersionStatus;
import io.scorecast.server.store.ControlStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
 * Decides which versions serve: watches the repository, proves what is new beside what serves, follows pins and
 * challengers, and swaps when the other instances are ready too. One thread does all of it, so that there is one state and
 * no lock; requests only ever read {@link LiveScorer}.
 */
public final class ModelManager implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelManager.class);
    private static final Duration STEP = Duration.ofMillis(50);

    /** How long a look on request waits for folders that are being written. */
    private static final Duration SETTLE = Duration.ofSeconds(4);

    /** How long the thread may take to end. */
    private static final Duration LAST_STEP = Duration.ofSeconds(10);

    private final ModelSettings settings;
    private final Clock clock;
    private final LiveScorer live;
    private final Lineup lineup;
    private final PinFile pinFile;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "models"));
    private final AtomicBoolean woken = new AtomicBoolean();
    private final FolderWatch watch;
    private volatile @Nullable Fleet fleet;
    private @Nullable AutoCloseable listener;
    private Map<String, Integer> pins;
    private Map<String, Challenge> challengers = Map.of();
    private Map<String, Instance> instances = Map.of();
    private @Nullable Instance told;
    private volatile Runnable swapped = () -> {};
    private volatile ServingListener news = report -> {};
    private volatile ServingReport report = ServingReport.NONE;

    public ModelManager(
            Path repository, ScorerLoader loader, LiveScorer live, Path pinFile, ModelSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.live = live;
        this.lineup = new Lineup(repository, loader, live, settings.keepPrevious(), clock);
        this.pinFile = new PinFile(pinFile);
        this.pins = this.pinFile.read();
        this.watch = new FolderWatch(repository, clock, this::wake);
    }

    /** Proves what the repository holds, before Redis is there. */
    public void prepare() {
        onThread(() -> {
            watch.look();
            propose();
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
            Fleet joined = new Fleet(control, clock, settings.patience());
            fleet = joined;
            Fleet.Facts facts = joined.read();
            if (adopt(facts)) {
                propose();
            }
            lineup.activate(); // Who only starts need not ask: nobody is served by it yet.
            lineup.stand(challengers);
            publish();
            tell();
            return live.isReady();
        });
        listener = control.listen(this::wake);
        Future<?> unused = thread.scheduleWithFixedDelay(
                this::tick, settings.poll().toMillis(), settings.poll().toMillis(), TimeUnit.MILLISECONDS);
        return ready;
    }

    /** Calls {@code heard} whenever other versions have begun to serve. */
    public void onSwap(Runnable heard) {
        swapped = heard;
    }

    /** Tells {@code heard} whenever it was looked at what serves. */
    public void onReport(ServingListener heard) {
        news = heard;
    }

    /** What there is and what serves. */
    public ServingReport report() {
        return report;
    }

    /** Looks at the repository now; answers when what is being written there has come to rest, or after a few seconds. */
    public CompletableFuture<ServingReport> rescan() {
        return submit(() -> {
            long end = clock.millis() + SETTLE.toMillis();
            do {
                watch.look();
                propose();
            } while (isSettling() && clock.millis() < end && pause());
            awaitActivation();
            return report;
        });
    }

    /** Serves one version of a model until told otherwise. The future fails with a {@link ModelRefusal}. */
    public CompletableFuture<ServingReport> pin(String model, int version) {
        return submit(() -> pinNow(model, version, challengers));
    }

    /**
     * Pins a version.
     *
     * @param left the challengers that stay
     */
    private ServingReport pinNow(String model, int version, Map<String, Challenge> left) {
        checkKnown(model, version);
        Map<String, Integer> wanted = new TreeMap<>(pins);
        wanted.put(model, version);
        Loaded loaded = lineup.load(new Selection(wanted, aside(left)));
        check(loaded, model, version);
        try {
            fleet().pin(model, version);
            if (!left.containsKey(model) && challengers.containsKey(model)) {
                fleet().endChallenge(model);
            }
        } catch (RuntimeException e) {
            lineup.drop(loaded);
            throw e;
        }
        setPins(wanted);
        challengers = left;
        return install(loaded);
    }

    /** Serves the highest valid version of a model again. */
    public CompletableFuture<ServingReport> unpin(String model) {
        return submit(() -> {
            checkKnown(model);
            Map<String, Integer> wanted = new TreeMap<>(pins);
            wanted.remove(model);
            fleet().unpin(model);
            setPins(wanted);
            propose();
            awaitActivation();
            return report;
        });
    }

    /** Pins the version that served before, or else the next lower one. */
    public CompletableFuture<ServingReport> rollback(String model) {
        return submit(() -> {
            checkKnown(model);
            Integer before = lineup.before(model);
            if (before == null) {
                throw ModelRefusal.conflict("there is no version of " + model + " before the live one", List.of());
            }
            return pinNow(model, before, challengers);
        });
    }

    /** Lets a version stand beside the live one. The future fails with a {@link ModelRefusal}. */
    public CompletableFuture<ServingReport> challenge(Challenge challenge) {
        return submit(() -> {
            checkKnown(challenge.model(), challenge.version());
            if (Integer.valueOf(challenge.version()).equals(lineup.serving(challenge.model()))) {
                throw ModelRefusal.conflict(
                        challenge.model() + "/" + challenge.version() + " is live itself", List.of());
            }
            Map<String, Challenge> wanted = new TreeMap<>(challengers);
            wanted.put(challenge.model(), challenge);
            List<Problem> problems = lineup.stand(wanted);
            if (!lineup.stands(challenge)) {
                lineup.stand(challengers);
                throw ModelRefusal.conflict(
                        challenge.model() + "/" + challenge.version() + " cannot be a challenger", problems);
            }
            try {
                fleet().challenge(challenge);
            } catch (RuntimeException e) {
                lineup.stand(challengers);
                throw e;
            }
            challengers = wanted;
            propose();
            publish();
            return report;
        });
    }

    /** Ends the comparison of a model. */
    public CompletableFuture<ServingReport> endChallenge(String model) {
        return submit(() -> {
            challenger(model);
            removeChallenger(model);
            propose();
            awaitActivation();
            return report;
        });
    }

    /** Makes the challenger of a model its champion. */
    public CompletableFuture<ServingReport> promote(String model) {
        return submit(() -> {
            Challenge challenge = challenger(model);
            return pinNow(model, challenge.version(), without(model));
        });
    }

    /** How a model's challenger compares on this instance; null if it has none. */
    public @Nullable Map<String, Object> comparison(String model) {
        return lineup.comparison(model);
    }

    private Challenge challenger(String model) {
        checkKnown(model);
        Challenge challenge = challengers.get(model);
        if (challenge == null) {
            throw ModelRefusal.unknown("the model '" + model + "' has no challenger");
        }
        return challenge;
    }

    private void removeChallenger(String model) {
        fleet().endChallenge(model);
        challengers = without(model);
        lineup.stand(challengers);
    }

    private Map<String, Challenge> without(String model) {
        Map<String, Challenge> left = new TreeMap<>(challengers);
        left.remove(model);
        return left;
    }

    private void check(Loaded loaded, String model, int version) {
        if (loaded.scorer() == null || !Integer.valueOf(version).equals(Lineup.version(loaded.scorer(), model))) {
            List<Problem> problems = loaded.versions().stream()
                    .filter(status -> status.model().equals(model) && status.version() == version)
                    .flatMap(status -> status.problems().stream())
                    .toList();
            lineup.drop(loaded);
            throw ModelRefusal.conflict(model + "/" + version + " cannot be served", problems);
        }
    }

    private void checkKnown(String model) {
        if (report.versions().stream().noneMatch(status -> status.model().equals(model))) {
            throw ModelRefusal.unknownModel(model, report.versions());
        }
    }

    private void checkKnown(String model, int version) {
        watch.look();
        propose();
        checkKnown(model);
        if (report.versions().stream()
                .noneMatch(status -> status.model().equals(model) && status.version() == version)) {
            throw ModelRefusal.unknownVersion(model, version, report.versions());
        }
    }

    private ServingReport install(Loaded loaded) {
        lineup.propose(loaded, challengers);
        awaitActivation();
        return report;
    }

    private void setPins(Map<String, Integer> wanted) {
        pins = wanted;
        pinFile.write(wanted);
    }

    private Map<String, Integer> aside() {
        return aside(challengers);
    }

    private static Map<String, Integer> aside(Map<String, Challenge> challengers) {
        Map<String, Integer> aside = new TreeMap<>();
        challengers.forEach((model, challenge) -> aside.put(model, challenge.version()));
        return aside;
    }

    private Fleet fleet() {
        Fleet joined = fleet;
        if (joined == null) {
            throw new NotReadyException("the models are still being looked at");
        }
        return joined;
    }

    /** Takes over what the others have been told; whether that changes what is wanted. */
    private boolean adopt(Fleet.@Nullable Facts facts) {
        if (facts == null) {
            return false;
        }
        instances = facts.instances();
        if (facts.pins().equals(pins) && facts.challengers().equals(challengers)) {
            return false;
        }
        setPins(facts.pins());
        challengers = facts.challengers();
        return true;
    }

    private void propose() {
        lineup.propose(lineup.load(new Selection(pins, aside())), challengers);
        publish();
    }

    private void tick() {
        woken.set(false);
        try {
            Fleet.Facts facts = fleet().read();
            boolean other = adopt(facts);
            if (watch.look() || other || isWaiting()) {
                propose();
            }
            lineup.stand(challengers);
            activateIfAgreed(facts);
            lineup.forgetPrevious();
            publish();
            tell();
        } catch (RuntimeException | LinkageError | OutOfMemoryError | StackOverflowError e) {
            // Whatever a folder holds, the next look must come.
            LOG.error("The model repository could not be looked at", e);
        }
    }

    private void activateIfAgreed(Fleet.@Nullable Facts facts) {
        String pending = lineup.pending();
        if (pending != null && fleet().mayActivate(facts, lineup.wanted(), pending, lineup.pendingSince())) {
            fleet().activated(pending);
            lineup.activate();
            lineup.stand(challengers);
            swapped.run();
        }
    }

    /** Tells what is prepared and waits until it is live, here at least. */
    private void awaitActivation() {
        do {
            tell();
            activateIfAgreed(fleet().read());
        } while (lineup.pending() != null && pause());
        publish();
        tell();
    }

    private static boolean pause() {
        try {
            Thread.sleep(STEP);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean isWaiting() {
        return report.versions().stream().anyMatch(status -> status.state() == VersionStatus.State.WAITING);
    }

    private boolean isSettling() {
        return report.versions().stream()
                .anyMatch(status -> status.state() == VersionStatus.State.WAITING && watch.isRecent(status.path()));
    }

    private void tell() {
        Instance self = lineup.self(settings.name(), clock.millis());
        Instance last = told;
        boolean changed = last == null || !self.sameAs(last);
        fleet().tell(self, changed);
        told = self;
    }

    private void publish() {
        List<VersionStatus> versions = new ArrayList<>();
        for (VersionStatus status : lineup.versions()) {
            boolean arriving = status.state() == VersionStatus.State.REJECTED && watch.isArriving(status.path());
            versions.add(arriving ? status.in(VersionStatus.State.WAITING) : status);
        }
        ServingReport next = new ServingReport(
                versions, lineup.problems(), pins, challengers, lineup.since(), settings.name(), instances);
        ServingReport.logNews(report, next, LOG);
        report = next;
        news.published(next);
    }

    private void wake() {
        if (fleet != null && woken.compareAndSet(false, true)) {
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
            if (thread.awaitTermination(LAST_STEP.toMillis(), TimeUnit.MILLISECONDS) && fleet != null) {
                fleet.leave();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        live.close();
        lineup.close();
    }
}
