package io.scorecast.engine.feature;

import io.scorecast.engine.profile.Profile;
import java.util.List;

/** Computes the features of several sets in one pass over a profile; identical definitions once. Immutable. */
@SuppressWarnings("DoNotCallSuggester")
public final class FeaturePlan {

    private FeaturePlan() {}

    /** Plans all features of all sets. */
    public static FeaturePlan of(List<FeatureSet> sets) {
        throw new UnsupportedOperationException();
    }

    /** Scratch space and results for one thread. */
    public State newState() {
        throw new UnsupportedOperationException();
    }

    /** Computes every feature as of the profile's instant; the results stay in the state until the next call. */
    public void compute(Profile profile, State state) {
        throw new UnsupportedOperationException();
    }

    /** Reads the results of one of the planned sets, or of a {@link FeatureSet#select selection} of one. */
    public FeatureReader reader(FeatureSet set) {
        throw new UnsupportedOperationException();
    }

    /** How many different definitions are computed. */
    public int size() {
        throw new UnsupportedOperationException();
    }

    /** One thread's scratch space and last results. */
    @SuppressWarnings("DoNotCallSuggester")
    public static final class State {

        private State() {}

        /**
         * The next instant (epoch milliseconds) at which a windowed feature drops or gains an event through time alone,
         * or a feature that counts UTC days turns; never late; {@link Long#MAX_VALUE} if time alone changes nothing in
         * steps. Ages, decays and rates flow all the time and are not meant.
         */
        public long validUntil() {
            throw new UnsupportedOperationException();
        }
    }
}
