package io.scorecast.server.serving;

import io.scorecast.engine.model.ModelVersion;
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

    /** The same for every thread: the champion's first, then the challengers', then those that are kept. */
    private volatile List<ScorerHandle> open = List.of();

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

    /**
     * A version that is open: live, a challenger, or kept warm. In use until it is closed.
     *
     * @param number null for the live one
     * @return null if it is not open
     * @throws NotReadyException if none is live yet
     */
    public @Nullable OpenVersion acquire(String model, @Nullable Integer number) {
        if (number == null) {
            ScorerHandle champion = acquire();
            ModelVersion found = find(champion.scorer(), model, null);
            if (found == null) {
                champion.close();
                return null;
            }
            return new OpenVersion(champion, found);
        }
        current();
        List<ScorerHandle> before;
        do {
            before = open;
            for (ScorerHandle handle : before) {
                ModelVersion found = find(handle.scorer(), model, number);
                if (found != null && handle.retain()) {
                    return new OpenVersion(handle, found);
                }
            }
        } while (!before.equals(open)); // Swapped meanwhile: what was retired may stand elsewhere now.
        return null;
    }

    private static @Nullable ModelVersion find(Scorer scorer, String model, @Nullable Integer number) {
        for (ModelVersion version : scorer.models()) {
            if (version.name().equals(model) && (number == null || version.version() == number)) {
                return version;
            }
        }
        return null;
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
        return now != null && now.isSplit();
    }

    @Override
    public HeldScorers hold() {
        while (true) {
            HeldScorers held = HeldScorers.of(current());
            if (held != null) {
                return held;
            }
        }
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
        publish();
    }

    private void publish() {
        List<ScorerHandle> all = new ArrayList<>();
        Arms now = arms;
        if (now != null) {
            all.add(now.champion());
            now.challengers().forEach(arm -> all.add(arm.handle()));
        }
        for (ScorerHandle handle : handles.values()) {
            if (!all.contains(handle)) {
                all.add(handle);
            }
        }
        open = List.copyOf(all);
    }

    private ScorerHandle handle(Scorer scorer) {
        return handles.computeIfAbsent(scorer, ScorerHandle::new);
    }

    /** Whether a Scorer is closed by its last reader, after {@link #keepOnly} has let go of it. */
    boolean owns(Scorer scorer) {
        return handles.containsKey(scorer);
    }

    /** Lets go of all Scorers but these; must name those that answer. */
    void keepOnly(Collection<Scorer> wanted) {
        Set<Scorer> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        kept.addAll(wanted);
        boolean changed = handles.entrySet().removeIf(entry -> {
            if (kept.contains(entry.getKey())) {
                return false;
            }
            entry.getValue().retire();
            return true;
        });
        if (changed) {
            publish();
        }
    }

    /** Nothing is answered any more; what is under way ends with the Scorer that it has. */
    @Override
    public void close() {
        arms = null;
        keepOnly(List.of());
    }
}
