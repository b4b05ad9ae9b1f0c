package io.scorecast.engine.pair;

/** Computes one feature for the candidates of one list. Scratch space of one thread. */
abstract class PairColumn {

    private static final double DAY = 86_400_000;

    /** Looks at the customer whose candidates come next. */
    void begin() {}

    abstract double value(int item);

    /** Binds a feature to a list. */
    static PairColumn of(PairFeature feature, int list, CandidatePicker picker, int halfLife) {
        History history = picker.history();
        return switch (feature.kind()) {
            case TIMES_BOUGHT -> column(history::count);
            case DAYS_SINCE -> ifBought(history, item -> history.sinceLast(item) / DAY);
            case DAYS_SINCE_FIRST -> ifBought(history, item -> history.sinceFirst(item) / DAY);
            case GAP_MEAN -> ifBought(history, item -> gap(history, item));
            // NaN in place of infinity where all orders were at one instant.
            case GAP_RATIO -> ifBought(history, item -> history.sinceLast(item) / DAY / gap(history, item));
            case ORDERS_SINCE -> ifBought(history, history::ordersSince);
            case ORDER_SHARE -> column(item -> share(history.count(item), history.orders()));
            case DECAYED_COUNT -> column(item -> history.decayed(halfLife, item));
            case DECAYED_SHARE ->
                column(item -> share(history.decayed(halfLife, item), history.decayedOrders(halfLife)));
            case SIMILARITY ->
                new Weights(picker) {
                    @Override
                    void begin() {
                        picker.affinities().bySimilarity(history, feature.halfLife(), weights);
                    }
                };
            case SIMILARITY_SHARE ->
                new Weights(picker) {
                    private double whole;

                    @Override
                    void begin() {
                        whole = picker.affinities().bySimilarity(history, feature.halfLife(), weights);
                    }

                    @Override
                    double value(int item) {
                        return share(weights[item], whole);
                    }
                };
            case AFFINITY ->
                new Weights(picker) {
                    @Override
                    void begin() {
                        picker.affinities()
                                .byCategory(history, feature.level(), feature.halfLife(), weights, picker.sums());
                    }
                };
            case FACT -> {
                float[] numbers = ItemRanks.numbers(picker.list().items(), feature.fact());
                yield column(item -> numbers[item]);
            }
            case LIST -> column(item -> list);
        };
    }

    private static double gap(History history, int item) {
        int gaps = history.count(item) - 1;
        return gaps == 0 ? Double.NaN : (history.sinceFirst(item) - history.sinceLast(item)) / DAY / gaps;
    }

    private static double share(double part, double whole) {
        return whole > 0 ? part / whole : 0;
    }

    /** A number of an item. */
    @FunctionalInterface
    private interface OfItem {
        double value(int item);
    }

    private static PairColumn ifBought(History history, OfItem number) {
        return column(item -> history.count(item) == 0 ? Double.NaN : number.value(item));
    }

    private static PairColumn column(OfItem number) {
        return new PairColumn() {
            @Override
            double value(int item) {
                return number.value(item);
            }
        };
    }

    /** A number for each item of the list, computed at the beginning. */
    private abstract static class Weights extends PairColumn {

        final double[] weights;

        Weights(CandidatePicker picker) {
            weights = new double[picker.list().items().size()];
        }

        @Override
        double value(int item) {
            return weights[item];
        }
    }
}
