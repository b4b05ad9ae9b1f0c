package io.scorecast.server.serving;

import io.scorecast.engine.scorer.Scorer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Scorers that answer now, behind one reference: who reads it sees the champion and the challengers that belong
 * together. A Scorer that is no longer wanted is closed by the last request that uses it. Read by every thread, changed by
 * one.
 */
public final class LiveScorer implements ScorerSource, AutoCloseable {

    private volatile @Nullable Arms arms;

    /** Every Scorer that is not let go yet; touched only by who changes. */
    private final IdentityHashMap<Scorer, ScorerHandle> handles = new IdentityHashMap<>();

    @Override
    public ScorerHandle acquire() {
        while (true) {
            ScorerHandle handle = current().champion();
            if (handle.retain()) {
                return handle;
            }
        }
    }

    @Override
    public ScorerHandle acquire(String customer) {
        while (true) {
            ScorerHandle handle = current().of(customer);
            if (handle.retain()) {
                return handle;
            }
        }
    }

    private Arms current() {
        Arms now = arms;
        if (now == null) {
            throw new NotReadyException("no model version is live");
        }
        return now;
    }

    @Override
    public boolean isSplit() {
        Arms now = arms;
        return now != null
                && now.challengers().stream().anyMatch(arm -> arm.challenge().mode() == Challenge.Mode.SPLIT);
    }

    /** Whether requests can be answered. */
    public boolean isReady() {
        return arms != null;
    }

    /** The Scorer that answers who is in no split; null if none does. */
    @Nullable
    Scorer champion() {
        Arms now = arms;
        return now == null ? null : now.champion().scorer();
    }

    @Nullable
    Arms arms() {
        return arms;
    }

    /** A challenger as it is to stand beside the champion. */
    record Beside(Challenge challenge, Scorer scorer, Comparison comparison) {}

    /** Swaps everything at once. */
    void swap(Scorer champion, List<Beside> challengers) {
        List<Arms.Arm> beside = new ArrayList<>();
        for (Beside other : challengers) {
            beside.add(new Arms.Arm(other.challenge(), handle(other.scorer()), other.comparison()));
        }
        arms = new Arms(handle(champion), beside);
    }

    private ScorerHandle handle(Scorer scorer) {
        return handles.computeIfAbsent(scorer, ScorerHandle::new);
    }

    /** Lets go of all Scorers but these; must name those that answer. */
    void keepOnly(Collection<Scorer> wanted) {
        Set<Scorer> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        kept.addAll(wanted);
        handles.entrySet().removeIf(entry -> {
            if (kept.contains(entry.getKey())) {
                return false;
            }
            entry.getValue().retire();
            return true;
        });
    }

    /** Nothing is answered any more; what is under way ends with the Scorer that it has. */
    @Override
    public void close() {
        arms = null;
        keepOnly(List.of());
    }
}
