package io.scorecast.server.serving;

import io.scorecast.engine.scorer.ScorerLoader.Loaded;
import io.scorecast.engine.scorer.Selection;
import io.scorecast.engine.scorer.VersionStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wanted and what serves, and the steps from one to the other: look at the repository, prove what is new, take over
 * what other instances were told, swap when they are ready too. Owned by the manager's thread; others read the report.
 */
final class ServingLoop {

    private static final Logger LOG = LoggerFactory.getLogger(ModelManager.class);
    private static final Duration STEP = Duration.ofMillis(50);

    /** How long a look on request waits for folders that are being written. */
    private static final Duration SETTLE = Duration.ofSeconds(4);

    private final ModelSettings settings;
    private final Clock clock;
    private final Lineup lineup;
    private final FolderWatch watch;
    private final PinFile pinFile;
    private Map<String, Integer> pins;
    private Map<String, Challenge> challengers = Map.of();
    private Map<String, Instance> instances = Map.of();
    private @Nullable Instance told;
    private volatile @Nullable Fleet fleet;
    private volatile Runnable swapped = () -> {};
    private volatile ServingListener news = report -> {};
    private volatile ServingReport report = ServingReport.NONE;

    ServingLoop(ModelSettings settings, Clock clock, Lineup lineup, FolderWatch watch, PinFile pinFile) {
        this.settings = settings;
        this.clock = clock;
        this.lineup = lineup;
        this.watch = watch;
        this.pinFile = pinFile;
        this.pins = pinFile.read();
    }

    /** What there is and what serves. Safe for any thread. */
    ServingReport report() {
        return report;
    }

    /** Whether the other instances can be heard. Safe for any thread. */
    boolean hasJoined() {
        return fleet != null;
    }

    void onSwap(Runnable heard) {
        swapped = heard;
    }

    void onReport(ServingListener heard) {
        news = heard;
    }

    /** Looks at the repository and proves what is new. */
    void look() {
        watch.look();
        propose();
    }

    /** The same until what is being written there has come to rest, or a few seconds have passed. */
    void settle() {
        long end = clock.millis() + SETTLE.toMillis();
        do {
            look();
        } while (isSettling() && clock.millis() < end && pause());
    }

    /** Goes live, and listens to the others from now on. */
    void join(Fleet joined) {
        fleet = joined;
        if (adopt(joined.read())) {
            propose();
        }
        lineup.activate(); // Who only starts need not ask: nobody is served by it yet.
        lineup.stand(challengers);
        publish();
        tell();
    }

    /** Tells the others that this instance ends. */
    void leave() {
        Fleet joined = fleet;
        if (joined != null) {
            joined.leave();
        }
    }

    void tick() {
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
    }

    Lineup lineup() {
        return lineup;
    }

    /** @throws NotReadyException before the start */
    Fleet fleet() {
        Fleet joined = fleet;
        if (joined == null) {
            throw new NotReadyException("the models are still being looked at");
        }
        return joined;
    }

    Map<String, Integer> pins() {
        return pins;
    }

    void setPins(Map<String, Integer> wanted) {
        pins = wanted;
        pinFile.write(wanted);
    }

    Map<String, Challenge> challengers() {
        return challengers;
    }

    void setChallengers(Map<String, Challenge> wanted) {
        challengers = wanted;
    }

    /** What there would be to serve with other pins and challengers; nothing is changed by it. */
    Loaded load(Map<String, Integer> otherPins, Map<String, Challenge> otherChallengers) {
        Map<String, Integer> aside = new TreeMap<>();
        otherChallengers.forEach((model, challenge) -> aside.put(model, challenge.version()));
        return lineup.load(new Selection(otherPins, aside), watch.contents());
    }

    /** Serves what was loaded, when the others are ready too. */
    ServingReport install(Loaded loaded) {
        lineup.propose(loaded);
        return awaitActivation();
    }

    /** Prepares what is wanted now. */
    ServingReport propose() {
        lineup.propose(load(pins, challengers));
        return publish();
    }

    /** Tells what is prepared and waits until it is live, here at least. */
    ServingReport awaitActivation() {
        do {
            tell();
            activateIfAgreed(fleet().read());
        } while (lineup.pending() != null && pause());
        publish();
        tell();
        return report;
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

    private void activateIfAgreed(Fleet.@Nullable Facts facts) {
        String pending = lineup.pending();
        if (pending != null && fleet().mayActivate(facts, lineup.wanted(), pending, lineup.pendingSince())) {
            fleet().activated(pending);
            lineup.activate();
            lineup.stand(challengers);
            swapped.run();
        }
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

    private ServingReport publish() {
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
        return next;
    }
}
