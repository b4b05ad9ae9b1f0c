package io.scorecast.engine.feature;

/**
 * A number over the units of a window.
 *
 * @param field what {@code x} is; of no meaning to statistics that count
 * @param halfLife milliseconds; 0 for statistics that do not decay
 */
record UnitStatistic(Statistic statistic, Source source, Per per, Field field, long halfLife) implements Definition {

    enum Statistic {
        /** n. */
        COUNT,
        /** Σx. */
        SUM,
        /** Σx ÷ the number of x. */
        MEAN,
        MIN,
        MAX,
        /** √(Σ(x − mean)² ÷ (n − 1)). */
        STD,
        /** Σ 2^(−age / half-life). */
        DECAYED_COUNT,
        /** Σ x · 2^(−age / half-life). */
        DECAYED_SUM,
        /** Days since the first unit. */
        DAYS_SINCE_FIRST,
        /** Mean of the days between neighbouring units. */
        GAP_MEAN,
        /** Standard deviation, with n − 1, of the days between neighbouring units. */
        GAP_STD,
        /** n ÷ days of the window that the customer has been known, at least one. */
        RATE
    }

    @Override
    public FeatureType type() {
        return FeatureType.NUMBER;
    }

    @Override
    public double slope() {
        return statistic == Statistic.DAYS_SINCE_FIRST ? 1 : 0;
    }

    @Override
    public Computation bind(Planner planner, int[] inputs, int at) {
        int u = planner.units(source, per);
        return work -> work.set(at, value(work, work.units(u)));
    }

    private double value(Workspace work, Units units) {
        return switch (statistic) {
            case COUNT -> units.count();
            case SUM -> sum(units.sums(work, field), units.size());
            case MEAN -> mean(units.sums(work, field), units.happened());
            case MIN -> min(units.sums(work, field), units.happened());
            case MAX -> max(units.sums(work, field), units.happened());
            case STD -> std(units.sums(work, field), units.happened());
            case DECAYED_COUNT -> decayedCount(work, units);
            case DECAYED_SUM -> decayedSum(work, units);
            case DAYS_SINCE_FIRST ->
                units.happened() == 0 ? Double.NaN : Days.of(work.instant() - units.time(units.happened() - 1));
            case GAP_MEAN -> mean(gaps(work, units), units.happened() - 1);
            case GAP_STD -> std(gaps(work, units), units.happened() - 1);
            case RATE -> units.count() / Math.max(1, knownDays(work));
        };
    }

    /** Neumaier's sum: what was bought and brought back leaves nothing, not 1e-17. */
    private static double sum(double[] xs, int n) {
        double sum = 0;
        double lost = 0;
        for (int i = n - 1; i >= 0; i--) {
            double x = xs[i];
            if (!Double.isNaN(x)) {
                double next = sum + x;
                lost += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
                sum = next;
            }
        }
        return sum + lost;
    }

    private static int present(double[] xs, int n) {
        int present = 0;
        for (int i = 0; i < n; i++) {
            present += Double.isNaN(xs[i]) ? 0 : 1;
        }
        return present;
    }

    private static double mean(double[] xs, int n) {
        int present = present(xs, n);
        return present == 0 ? Double.NaN : sum(xs, n) / present;
    }

    private static double std(double[] xs, int n) {
        int present = present(xs, n);
        if (present < 2) {
            return Double.NaN;
        }
        double mean = sum(xs, n) / present;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            if (!Double.isNaN(xs[i])) {
                squares += (xs[i] - mean) * (xs[i] - mean);
            }
        }
        return Math.sqrt(squares / (present - 1));
    }

    private static double min(double[] xs, int n) {
        double least = Double.NaN;
        for (int i = 0; i < n; i++) {
            if (Double.isNaN(least) || xs[i] < least) {
                least = xs[i];
            }
        }
        return least;
    }

    private static double max(double[] xs, int n) {
        double most = Double.NaN;
        for (int i = 0; i < n; i++) {
            if (Double.isNaN(most) || xs[i] > most) {
                most = xs[i];
            }
        }
        return most;
    }

    private double decayedCount(Workspace work, Units units) {
        double sum = 0;
        for (int unit = 0; unit < units.size(); unit++) {
            int count = units.count(unit);
            if (count != 0) {
                sum += count * Decay.weight(work.instant() - units.time(unit), halfLife);
            }
        }
        return sum;
    }

    private double decayedSum(Workspace work, Units units) {
        double[] xs = units.sums(work, field);
        for (int unit = 0; unit < units.size(); unit++) {
            xs[unit] *= Decay.weight(work.instant() - units.time(unit), halfLife);
        }
        return sum(xs, units.size());
    }

    private double[] gaps(Workspace work, Units units) {
        int gaps = Math.max(0, units.happened() - 1);
        double[] days = work.scratch(gaps);
        for (int unit = 0; unit < gaps; unit++) {
            days[unit] = per == Per.DAY
                    ? Days.dayOf(units.time(unit)) - Days.dayOf(units.time(unit + 1))
                    : Days.of(units.time(unit) - units.time(unit + 1));
        }
        return days;
    }

    private double knownDays(Workspace work) {
        if (work.profile().size() == 0) {
            return 0;
        }
        long known = work.instant() - source.ago() - work.profile().time(0);
        return Days.of(Math.min(source.window(), known));
    }
}
