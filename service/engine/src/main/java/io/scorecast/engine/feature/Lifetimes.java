package io.scorecast.engine.feature;

/**
 * Recency, frequency and value as the {@code lifetimes} package means them: in UTC days on which something was bought.
 *
 * @param field what a day is worth
 */
record Lifetimes(Statistic statistic, Source source, Field field) implements Definition {

    enum Statistic {
        /** Purchase days after the first. */
        FREQUENCY,
        /** Days from the first purchase day to the last. */
        RECENCY,
        /** Days from the first purchase day to the instant. */
        T,
        /** Mean value of the purchase days after the first, returns on those days subtracted; 0 with none. */
        MONETARY_VALUE
    }

    @Override
    public FeatureType type() {
        return FeatureType.NUMBER;
    }

    @Override
    public Computation bind(Planner planner, int[] inputs, int at) {
        if (statistic == Statistic.T) {
            planner.countsDays();
        }
        int units = planner.units(source, Per.DAY);
        return work -> work.set(at, value(work, work.units(units)));
    }

    private double value(Workspace work, Units days) {
        int n = days.happened();
        if (n == 0) {
            return Double.NaN;
        }
        long first = Days.dayOf(days.time(n - 1));
        return switch (statistic) {
            case FREQUENCY -> n - 1;
            case RECENCY -> Days.dayOf(days.time(0)) - first;
            case T -> Days.dayOf(work.instant()) - first;
            case MONETARY_VALUE -> n == 1 ? 0 : repeatValue(days.sums(work, field), n - 1);
        };
    }

    private static double repeatValue(double[] byDay, int repeats) {
        double sum = 0;
        for (int day = 0; day < repeats; day++) {
            sum += Double.isNaN(byDay[day]) ? 0 : byDay[day];
        }
        return sum / repeats;
    }
}
