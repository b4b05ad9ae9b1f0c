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
    private int[] bought = new int[16];
    private int[] returned = new int[16];
    private int range;
    private Per per = Per.EVENT;
    private int happened;
    private int size;

    void fill(Workspace work, int ofRange, Per unit) {
        range = ofRange;
        per = unit;
        size = 0;
        int events = work.size(range);
        if (unitOf.length < events) {
            int capacity = Math.max(events, unitOf.length * 2);
            unitOf = new int[capacity];
            time = new long[capacity];
            bought = new int[capacity];
            returned = new int[capacity];
        }
        assign(work, events, false);
        happened = size;
        assign(work, events, true);
        if (per == Per.ORDER) {
            forgetOrders(work, events);
        }
    }

    /** Goes backward, so that the first event seen of a unit is its last. */
    private void assign(Workspace work, int events, boolean returns) {
        Profile profile = work.profile();
        int bySameDay = 0;
        for (int i = events - 1; i >= 0; i--) {
            if (work.returned(range, i) == returns) {
                int event = work.event(range, i);
                long at = profile.time(event);
                int unit = UNSEEN;
                if (per == Per.ORDER && profile.order(event) != Profile.NONE) {
                    unit = work.bySymbol()[profile.order(event)];
                } else if (per == Per.DAY) {
                    long day = Days.dayOf(at);
                    while (bySameDay < size && Days.dayOf(time[bySameDay]) > day) {
                        bySameDay++;
                    }
                    if (bySameDay < size && Days.dayOf(time[bySameDay]) == day) {
                        unit = bySameDay;
                    } else if (size > 0 && Days.dayOf(time[size - 1]) == day) {
                        unit = size - 1;
                    }
                }
                if (unit == UNSEEN) {
                    unit = add(at);
                    if (per == Per.ORDER && profile.order(event) != Profile.NONE) {
                        work.bySymbol()[profile.order(event)] = unit;
                    }
                }
                unitOf[i] = unit;
                if (returns) {
                    returned[unit]++;
                } else {
                    bought[unit]++;
                }
            }
        }
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
