package io.scorecast.server.serving;

import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.policy.Policy;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.scorer.Scorer;
import io.scorecast.engine.scorer.ScorerLoader;
import io.scorecast.engine.scorer.ScorerLoader.Loaded;
import io.scorecast.engine.scorer.Selection;
import io.scorecast.engine.scorer.VersionStatus;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The Scorers of this instance and their parts: the champion, the one before it, one that is prepared, the challengers.
 * What has no part any more is let go. Owned by the manager's thread.
 */
final class Lineup implements AutoCloseable {

    private final Path repository;
    private final ScorerLoader loader;
    private final LiveScorer live;
    private final Duration keepPrevious;
    private final Clock clock;
    private final Map<String, Integer> before = new HashMap<>();
    private final Map<String, Long> since = new HashMap<>();
    private Loaded loaded = new Loaded(null, List.of(), List.of());
    private List<LiveScorer.Beside> beside = List.of();
    private Map<String, Challenge> stood = Map.of();
    private @Nullable Scorer stoodBeside;
    private List<Problem> standProblems = List.of();
    private @Nullable Scorer pending;
    private @Nullable Scorer previous;
    private long pendingSince;
    private long previousSince;
    private String wanted = "";

    Lineup(Path repository, ScorerLoader loader, LiveScorer live, Duration keepPrevious, Clock clock) {
        this.repository = repository;
        this.loader = loader;
        this.live = live;
        this.keepPrevious = keepPrevious;
        this.clock = clock;
    }

    /**
     * What the repository offers for a selection; nothing is changed by it.
     *
     * @param contents of the repository, as text that instances with the same versions share
     */
    Loaded load(Selection selection, String contents) {
        wanted = contents + new TreeMap<>(selection.pins()) + new TreeMap<>(selection.aside());
        return loader.load(repository, selection, scorers());
    }

    /** Every Scorer that has a part, the champion first. */
    private List<Scorer> scorers() {
        List<Scorer> scorers = new ArrayList<>();
        add(scorers, live.champion());
        add(scorers, pending);
        add(scorers, previous);
        beside.forEach(other -> add(scorers, other.scorer()));
        return scorers;
    }

    private static void add(List<Scorer> scorers, @Nullable Scorer scorer) {
        if (scorer != null && !scorers.contains(scorer)) {
            scorers.add(scorer);
        }
    }

    /** Takes what was loaded as what shall serve. */
    void propose(Loaded found) {
        loaded = found;
        Scorer next = found.scorer() == live.champion() ? null : found.scorer();
        if (next != pending) {
            pendingSince = clock.millis();
            Scorer dropped = pending;
            pending = next;
            closeUnlessNamed(dropped);
        }
        tidy();
    }

    /** Forgets what was loaded and is not wanted after all. */
    void drop(Loaded unwanted) {
        closeUnlessNamed(unwanted.scorer());
        tidy();
    }

    /** Of one that has answered, {@link LiveScorer} lets go when it is tidied up. */
    private void closeUnlessNamed(@Nullable Scorer scorer) {
        if (scorer != null && !scorers().contains(scorer) && !live.owns(scorer)) {
            scorer.close();
        }
    }

    /** The fingerprint of what is prepared; null if nothing is to be changed. */
    @Nullable
    String pending() {
        return pending == null ? null : pending.fingerprint();
    }

    long pendingSince() {
        return pendingSince;
    }

    /** What was looked for, as a name that other instances with the same repository, pins and challengers share. */
    String wanted() {
        return Integer.toHexString(wanted.hashCode()) + Integer.toHexString(wanted.length());
    }

    /** Swaps in what is prepared; the last champion is kept for a way back. */
    void activate() {
        Scorer next = pending;
        if (next == null) {
            return;
        }
        Scorer old = live.champion();
        pending = null;
        live.swap(next, beside);
        note(old, next);
        previous = old;
        previousSince = clock.millis();
        tidy();
    }

    private void note(@Nullable Scorer old, Scorer next) {
        Map<String, Long> times = new HashMap<>(since);
        since.clear();
        long now = clock.millis();
        next.schema().versions().forEach((model, version) -> {
            String key = model + "/" + version;
            Integer last = old == null ? null : version(old, model);
            boolean stays = version.equals(last) && times.containsKey(key) && sameChecksum(old, next, model);
            since.put(key, stays ? Objects.requireNonNull(times.get(key)) : now);
            if (last != null && !last.equals(version)) {
                before.put(model, last);
            }
        });
    }

    private static boolean sameChecksum(@Nullable Scorer old, Scorer next, String model) {
        return old != null && checksum(old, model).equals(checksum(next, model));
    }

    private static String checksum(Scorer scorer, String model) {
        Policy policy = scorer.policy();
        if (model.equals(ScorerLoader.POLICY)) {
            return policy == null ? "" : policy.checksum();
        }
        for (ModelVersion version : scorer.models()) {
            if (version.name().equals(model)) {
                return version.checksum();
            }
        }
        return "";
    }

    /** The version of a model, or of the policy, in a Scorer; null if it has none. */
    static @Nullable Integer version(Scorer scorer, String model) {
        return scorer.schema().versions().get(model);
    }

    /** The version of a model that serves; null if none does. */
    @Nullable
    Integer serving(String model) {
        Scorer champion = live.champion();
        return champion == null ? null : version(champion, model);
    }

    /** The version to go back to; null if there is none. */
    @Nullable
    Integer before(String model) {
        Integer last = before.get(model);
        Integer serving = serving(model);
        if (last != null || serving == null) {
            return last;
        }
        return loaded.versions().stream()
                .filter(status -> status.model().equals(model) && status.version() < serving)
                .filter(status -> status.state() != VersionStatus.State.REJECTED)
                .map(VersionStatus::version)
                .findFirst()
                .orElse(null);
    }

    /** Lets go of the last champion when it has been kept long enough. */
    void forgetPrevious() {
        if (previous != null && clock.millis() - previousSince > keepPrevious.toMillis()) {
            previous = null;
            tidy();
        }
    }

    /** Builds the challengers' Scorers where they or the champion have changed; the problems of those that cannot stand. */
    List<Problem> stand(Map<String, Challenge> challengers) {
        Scorer champion = live.champion();
        if (champion == null || (challengers.equals(stood) && champion == stoodBeside)) {
            return standProblems;
        }
        List<LiveScorer.Beside> next = new ArrayList<>();
        Problems problems = new Problems();
        for (Challenge challenge : challengers.values()) {
            LiveScorer.Beside same = champion == stoodBeside ? standing(challenge) : null;
            if (same != null) {
                next.add(same);
                continue;
            }
            Problems own = new Problems();
            Scorer scorer = loader.variant(repository, champion, challenge.model(), challenge.version(), own);
            own.list().forEach(problems::add);
            if (scorer != null) {
                next.add(new LiveScorer.Beside(challenge, scorer, new Comparison()));
            }
        }
        beside = List.copyOf(next);
        stood = Map.copyOf(challengers);
        stoodBeside = champion;
        standProblems = problems.list();
        live.swap(champion, beside);
        tidy();
        return standProblems;
    }

    private LiveScorer.@Nullable Beside standing(Challenge challenge) {
        for (LiveScorer.Beside other : beside) {
            if (other.challenge().equals(challenge)) {
                return other;
            }
        }
        return null;
    }

    boolean stands(Challenge challenge) {
        return standing(challenge) != null;
    }

    /** How a model's challenger compares; null if it has none. Safe for any thread. */
    @Nullable
    Map<String, Object> comparison(String model) {
        Arms arms = live.arms();
        if (arms == null) {
            return null;
        }
        for (Arms.Arm arm : arms.challengers()) {
            if (arm.challenge().model().equals(model)) {
                return arm.comparison().summary();
            }
        }
        return null;
    }

    private void tidy() {
        List<Scorer> used = scorers();
        live.keepOnly(used);
        loader.keepOnly(used);
    }

    /** Every version, its state that of this moment: what is prepared is not live yet. */
    List<VersionStatus> versions() {
        Scorer champion = live.champion();
        if (champion == null || pending == null) {
            return loaded.versions();
        }
        List<VersionStatus> versions = new ArrayList<>();
        for (VersionStatus status : loaded.versions()) {
            boolean serves = Integer.valueOf(status.version()).equals(version(champion, status.model()));
            if (serves) {
                versions.add(status.in(VersionStatus.State.LIVE));
            } else if (status.state() == VersionStatus.State.LIVE) {
                versions.add(status.in(VersionStatus.State.STANDBY));
            } else {
                versions.add(status);
            }
        }
        return versions;
    }

    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>(loaded.problems());
        problems.addAll(standProblems);
        return problems;
    }

    Map<String, Long> since() {
        return since;
    }

    /** What this instance tells the others. */
    Instance self(String name, long now) {
        Scorer champion = live.champion();
        String serving = champion == null ? "" : champion.fingerprint();
        Map<String, Integer> versions = champion == null
                ? Map.of()
                : new LinkedHashMap<>(champion.schema().versions());
        return new Instance(name, now, wanted(), serving, Objects.requireNonNullElse(pending(), ""), versions);
    }

    @Override
    public void close() {
        Scorer unused = pending;
        pending = null;
        closeUnlessNamed(unused);
        loader.close();
    }
}
