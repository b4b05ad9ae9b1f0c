package io.scorecast.engine.pair;

import io.scorecast.engine.feature.FeaturePlan;
import io.scorecast.engine.feature.FeatureReader;
import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.profile.Profile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * How a customer's candidates are found and the rows of pairs written: features of the customer, the same in each row, and
 * features of the pair, in the order that a model reads. Immutable.
 */
public final class PairPlan {

    private final PairSet set;
    private final long[] halfLives;

    /** By list. */
    private final List<ItemRanks> ranks = new ArrayList<>();

    private final FeatureReader customer;

    /** Where each number of the customer goes, and where each of {@link #features}. */
    private final int[] customerColumns;

    private final List<PairFeature> features = new ArrayList<>();
    private final int[] pairColumns;
    private final int width;

    /**
     * Plans the columns named.
     *
     * @param columns names of features of the customer and of the pair
     * @param customers the features of the customer that may be named
     * @param plan that computes these
     * @throws IllegalArgumentException if a name is unknown
     */
    public PairPlan(PairSet set, List<String> columns, FeatureSet customers, FeaturePlan plan) {
        this.set = set;
        List<String> ofCustomer = new ArrayList<>();
        List<Integer> customerAt = new ArrayList<>();
        List<Integer> pairAt = new ArrayList<>();
        List<String> names = set.names();
        int column = 0;
        for (String name : columns) {
            int pair = names.indexOf(name);
            if (pair >= 0) {
                features.add(set.features().get(pair));
                pairAt.add(column++);
                continue;
            }
            ofCustomer.add(name);
            int numbers = customers.select(List.of(name)).width();
            for (int i = 0; i < numbers; i++) {
                customerAt.add(column++);
            }
        }
        width = column;
        customer = plan.reader(customers.select(ofCustomer));
        customerColumns = customerAt.stream().mapToInt(Integer::intValue).toArray();
        pairColumns = pairAt.stream().mapToInt(Integer::intValue).toArray();
        TreeSet<Long> decays = new TreeSet<>();
        features.forEach(feature -> decays.add(feature.halfLife()));
        for (CandidateList list : set.lists()) {
            list.sources().forEach(source -> decays.add(source.halfLife()));
        }
        halfLives = decays.stream().mapToLong(Long::longValue).toArray();
        for (CandidateList list : set.lists()) {
            ranks.add(new ItemRanks(list, features));
        }
    }

    /** Numbers in a row. */
    public int width() {
        return width;
    }

    /** Room for one customer's pairs. */
    public Pairs newPairs() {
        return new Pairs(set.lists().size(), width);
    }

    /** Scratch space for one thread, for one customer after the other. */
    public State newState() {
        return new State();
    }

    private int halfLife(long millis) {
        return Arrays.binarySearch(halfLives, millis);
    }

    /** One thread's scratch space. */
    public final class State {

        private final List<CandidatePicker> pickers = new ArrayList<>();
        private final List<List<PairColumn>> columns = new ArrayList<>();
        private final float[] shared = new float[customerColumns.length];

        private State() {
            for (int l = 0; l < set.lists().size(); l++) {
                Affinities affinities = new Affinities(set.lists().get(l), ranks.get(l), PairPlan.this::halfLife);
                History history = new History(set.lists().get(l), halfLives);
                CandidatePicker picker = new CandidatePicker(set.lists().get(l), ranks.get(l), history, affinities);
                pickers.add(picker);
                List<PairColumn> bound = new ArrayList<>();
                for (PairFeature feature : features) {
                    bound.add(PairColumn.of(feature, l, picker, PairPlan.this.halfLife(feature.halfLife())));
                }
                columns.add(bound);
            }
        }

        /**
         * Finds the candidates of every list, and computes their features.
         *
         * @param features of the customer, computed as of the profile's instant
         */
        public void compute(Profile profile, FeaturePlan.State features, Pairs pairs) {
            pairs.clear();
            customer.write(features, shared, 0);
            for (int l = 0; l < pickers.size(); l++) {
                CandidatePicker picker = pickers.get(l);
                picker.pick(profile);
                for (int c = 0; c < picker.size(); c++) {
                    pairs.add(picker.item(c));
                }
                pairs.end(l);
                write(l, picker, pairs);
            }
        }

        private void write(int list, CandidatePicker picker, Pairs pairs) {
            float[] rows = pairs.rows();
            int first = pairs.first(list) * width;
            for (int c = 0; c < customerColumns.length; c++) {
                float number = shared[c];
                for (int p = 0, at = first + customerColumns[c]; p < picker.size(); p++, at += width) {
                    rows[at] = number;
                }
            }
            for (int c = 0; c < pairColumns.length; c++) {
                PairColumn column = columns.get(list).get(c);
                column.begin();
                for (int p = 0, at = first + pairColumns[c]; p < picker.size(); p++, at += width) {
                    float number = (float) column.value(picker.item(p));
                    rows[at] = Float.isFinite(number) ? number : Float.NaN;
                }
            }
        }
    }
}
