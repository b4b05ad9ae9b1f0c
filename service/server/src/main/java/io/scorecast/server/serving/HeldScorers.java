package io.scorecast.server.serving;

import org.jspecify.annotations.Nullable;

/** The Scorers of one moment, in use until this is closed, once. Safe for any thread. */
public final class HeldScorers implements AutoCloseable {

    private final Arms arms;

    private HeldScorers(Arms arms) {
        this.arms = arms;
    }

    /** Holds all that can answer; null if one was let go meanwhile. */
    static @Nullable HeldScorers of(Arms arms) {
        if (!arms.champion().retain()) {
            return null;
        }
        for (int i = 0; i < arms.challengers().size(); i++) {
            if (!arms.challengers().get(i).handle().retain()) {
                arms.champion().close();
                for (int j = 0; j < i; j++) {
                    arms.challengers().get(j).handle().close();
                }
                return null;
            }
        }
        return new HeldScorers(arms);
    }

    /**
     * The Scorer for a customer, in use until the handle is closed.
     *
     * @throws NotReadyException if this is closed, and the Scorer too
     */
    public ScorerHandle acquire(String customer) {
        ScorerHandle handle = arms.of(customer);
        if (!handle.retain()) {
            throw new NotReadyException("the request is over");
        }
        return handle;
    }

    @Override
    public void close() {
        arms.champion().close();
        arms.challengers().forEach(arm -> arm.handle().close());
    }
}
