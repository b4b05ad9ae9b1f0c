package io.scorecast.engine.feature;

import io.scorecast.engine.profile.Profile;
import java.util.Arrays;

/**
 * The units of a range: its events, orders or UTC days, with returns netted. Those in which something happened come first,
 * the latest before the earlier ones; behind them those of returns alone. Reused.
 */
final class Units {

    private static final int UNSEEN = -1;

    private int[] unitOf = new int[16];
    private long[] time = new long[16];

    /** Of days: when each began. */
    private long[] begin = new long[16];

    private int[] bought = new int[16];
    private int[] returned = new int[16];
    private int range;
    private Per per = Per.EVENT;
    private int happened;
    private int size;

    /** Of days: the latest that may be that of the next event. */
    private int nextDay;

    void fill(Workspace work, int ofRange, Per unit) {
        range = ofRange;
        per = unit;
        size = 0;
        int events = work.size(range);
        if (unitOf.length < events) {
            int capacity = Math.max(events, unitOf.length * 2);
            unitOf = new int[capacity];
            time = new long[capacity];
            begin = new long[capacity];
            bought = new int[capacity];
            returned = new int[capacity];
        }
        assign(work, events, false);
        happened = size;
        if (work.nets(range)) {
            assign(work, events, true);
        }
        if (per == Per.ORDER) {
            forgetOrders(work, events);
        }
    }

    /** Goes backward, so that the first event seen of a unit is its last. */
    private void assign(Workspace work, int events, boolean returns) {
        nextDay = 0;
        for (int i = events - 1; i >= 0; i--) {
            if (work.returned(range, i) == returns) {
                int unit = switch (per) {
                    case EVENT -> add(work.profile().time(work.event(range, i)));
                    case ORDER -> order(work, work.event(range, i));
                    case DAY -> day(work.profile().time(work.event(range, i)));
                };
                unitOf[i] = unit;
                if (returns) {
                    returned[unit]++;
                } else {
                    bought[unit]++;
                }
            }
        }
    }

    /** Each event without an order is one of its own. */
    private int order(Workspace work, int event) {
        Profile profile = work.profile();
        int order = profile.order(event);
        if (order == Profile.NONE) {
            return add(profile.time(event));
        }
        int known = work.bySymbol()[order];
        int unit = known == UNSEEN ? add(profile.time(event)) : known;
        work.bySymbol()[order] = unit;
        return unit;
    }

    /** The days known so far go backward too, those of returns alone behind the others. */
    private int day(long at) {
        while (nextDay < size && begin[nextDay] > at) {
            nextDay++;
        }
        if (nextDay < size && at - begin[nextDay] < Days.MILLIS) {
            return nextDay;
        }
        if (size > 0 && begin[size - 1] <= at && at - begin[size - 1] < Days.MILLIS) {
            return size - 1;
        }
        int unit = add(at);
        begin[unit] = Days.dayOf(at) * Days.MILLIS;
        return unit;
    }

    private int add(long at) {
        time[size] = at;
        bought[size] = 0;
        returned[size] = 0;
        return size++;
    }

    private void forgetOrders(Workspace work, int events) {
        int[] bySymbol = work.bySymbol();
        for (int i = 0; i < events; i++) {
            int order = work.profile().order(work.event(range, i));
            if (order != Profile.NONE) {
                bySymbol[order] = UNSEEN;
            }
        }
    }

    /** How many units there are, with those of returns alone. */
    int size() {
        return size;
    }

    /** How many units have something that happened: what means, extremes, times and gaps are taken over. */
    int happened() {
        return happened;
    }

    /** The time of a unit's last event. */
    long time(int unit) {
        return time[unit];
    }

    /** What a unit adds to a count. */
    int count(int unit) {
        return switch (per) {
            case EVENT -> bought[unit] - returned[unit];
            case ORDER -> bought[unit] > returned[unit] ? 1 : 0;
            case DAY -> bought[unit] > 0 ? 1 : 0;
        };
    }

    /** The sum of all units' counts. */
    int count() {
        int count = 0;
        for (int unit = 0; unit < size; unit++) {
            count += count(unit);
        }
        return count;
    }

    /**
     * The field summed within each unit, returns subtracted; NaN where no event has it. The array is the workspace's
     * scratch.
     */
    double[] sums(Workspace work, Field field) {
        double[] sums = work.scratch(size);
        Arrays.fill(sums, 0, size, Double.NaN);
        int events = work.size(range);
        for (int i = 0; i < events; i++) {
            double x = field.number(work.profile(), work.event(range, i));
            if (!Double.isNaN(x)) {
                double signed = work.returned(range, i) ? -Math.abs(x) : x;
                int unit = unitOf[i];
                sums[unit] = Double.isNaN(sums[unit]) ? signed : sums[unit] + signed;
            }
        }
        return sums;
    }
}
