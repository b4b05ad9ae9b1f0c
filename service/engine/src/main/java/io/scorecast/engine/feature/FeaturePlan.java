package io.scorecast.engine.feature;

import io.scorecast.engine.profile.Profile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes the features of several sets in one pass over a profile; identical definitions once. Immutable.
 *
 * <p>The pass sorts the events into lists, one for each filter (types and {@code where}) that any feature has. A window is
 * then a range of its filter's list, found by binary search, and each feature one loop over a range or its units. Sums are
 * taken in double.
 */
public final class FeaturePlan {

    private final Map<Key, Place> places = new HashMap<>();
    private final List<Computation> computations = new ArrayList<>();
    private final Planner planner = new Planner();
    private final EventFilters filters;
    private int numbers;
    private int texts;

    /** A definition over its inputs, by which identical ones are found. */
    private record Key(Definition definition, List<Place> inputs) {}

    /**
     * Where a result stands.
     *
     * @param at of its first number, or of its text
     */
    record Place(FeatureType type, int at, int width) {}

    private FeaturePlan(List<FeatureSet> sets) {
        for (FeatureSet set : sets) {
            plan(set);
        }
        filters = new EventFilters(planner.filters());
    }

    /** Plans all features of all sets. */
    public static FeaturePlan of(List<FeatureSet> sets) {
        return new FeaturePlan(sets);
    }

    private void plan(FeatureSet set) {
        List<Place> found = new ArrayList<>();
        for (Feature feature : set.features()) {
            Key key = key(feature, found);
            Place place = places.get(key);
            if (place == null) {
                place = add(key);
            }
            found.add(place);
        }
    }

    private static Key key(Feature feature, List<Place> before) {
        return new Key(
                feature.definition(), feature.inputs().stream().map(before::get).toList());
    }

    private Place add(Key key) {
        Definition definition = key.definition();
        boolean text = definition.type() == FeatureType.TEXT;
        Place place = new Place(definition.type(), text ? texts : numbers, definition.width());
        texts += text ? 1 : 0;
        numbers += definition.width();
        int[] inputs = key.inputs().stream().mapToInt(Place::at).toArray();
        computations.add(definition.bind(planner, inputs, place.at()));
        places.put(key, place);
        return place;
    }

    /** Scratch space and results for one thread. */
    public State newState() {
        return new State(new Workspace(planner, filters, numbers, texts));
    }

    /** Computes every feature as of the profile's instant; the results stay in the state until the next call. */
    public void compute(Profile profile, State state) {
        state.work.begin(profile);
        for (Computation computation : computations) {
            computation.compute(state.work);
        }
    }

    /**
     * Reads the results of one of the planned sets, or of a {@link FeatureSet#select selection} of one.
     *
     * @throws IllegalArgumentException if the set is not part of this plan
     */
    public FeatureReader reader(FeatureSet set) {
        List<Place> found = new ArrayList<>();
        for (Feature feature : set.features()) {
            Place place = places.get(key(feature, found));
            if (place == null) {
                throw new IllegalArgumentException("the feature " + feature.name() + " is not planned");
            }
            found.add(place);
        }
        List<Place> chosen = new ArrayList<>();
        for (int feature : set.chosen()) {
            chosen.add(found.get(feature));
        }
        return new FeatureReader(chosen);
    }

    /** How many different definitions are computed. */
    public int size() {
        return computations.size();
    }

    /** One thread's scratch space and last results. */
    public static final class State {

        final Workspace work;

        private State(Workspace work) {
            this.work = work;
        }

        /**
         * The next instant (epoch milliseconds) at which a windowed feature drops or gains an event through time alone,
         * or a feature that counts UTC days or days since something turns; never late; {@link Long#MAX_VALUE} if time
         * alone changes nothing in steps. Ages, decays and rates flow all the time and are not meant.
         */
        public long validUntil() {
            return work.validUntil();
        }
    }
}
