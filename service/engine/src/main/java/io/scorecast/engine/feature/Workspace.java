package io.scorecast.engine.feature;

import io.scorecast.engine.expression.Variables;
import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.Truth;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the computations of a plan read and write, for one thread. Arrays grow to the largest profile seen. */
final class Workspace {

    private final EventFilters filters;
    private final List<Source> sources;
    private final int[] filterOf;

    /** By range: whether returns are subtracted. */
    private final boolean[] netting;

    private final EventList[] lists;
    private final int[] low;
    private final int[] high;
    private final List<Planner.Units> unitKeys;
    private final Units[] units;
    private final boolean daily;

    private final double[] values;
    private final @Nullable String[] texts;
    private final DistinctSet distinct = new DistinctSet();
    private final Inputs inputs = new Inputs();
    private double[] scratch = new double[16];
    private int[] bySymbol = {};

    private @Nullable Profile profile;
    private final EventVariables variables = new EventVariables();
    private long validUntil = Long.MAX_VALUE;

    Workspace(Planner planner, EventFilters filters, int numbers, int texts) {
        this.filters = filters;
        sources = planner.ranges();
        filterOf = sources.stream().mapToInt(planner::filter).toArray();
        netting = new boolean[sources.size()];
        for (int r = 0; r < netting.length; r++) {
            netting[r] = sources.get(r).filter().netting();
        }
        lists = new EventList[filters.size()];
        Arrays.setAll(lists, i -> new EventList());
        low = new int[sources.size()];
        high = new int[sources.size()];
        unitKeys = planner.units();
        units = new Units[unitKeys.size()];
        Arrays.setAll(units, i -> new Units());
        daily = planner.daily();
        values = new double[numbers];
        this.texts = new @Nullable String[texts];
    }

    /** Takes a profile: sorts its events, finds every window's range and units. */
    void begin(Profile next) {
        profile = next;
        variables.look(next);
        filters.sort(next, variables, lists);
        long instant = next.instant();
        validUntil = daily ? Math.multiplyExact(Days.dayOf(instant) + 1, Days.MILLIS) : Long.MAX_VALUE;
        for (int r = 0; r < low.length; r++) {
            window(next, instant, r);
        }
        for (int u = 0; u < units.length; u++) {
            Planner.Units key = unitKeys.get(u);
            units[u].fill(this, key.range(), key.per());
        }
    }

    private void window(Profile of, long instant, int range) {
        Source source = sources.get(range);
        EventList list = lists[filterOf[range]];
        long end = instant - source.ago();
        high[range] = source.ago() == 0 ? list.size() : list.until(of, end);
        low[range] = source.window() == Source.ALWAYS ? 0 : list.until(of, end - source.window());
        if (high[range] < list.size()) {
            turnsAt(of.time(list.get(high[range])) + source.ago());
        }
        if (source.window() != Source.ALWAYS && low[range] < high[range]) {
            turnsAt(of.time(list.get(low[range])) + source.ago() + source.window());
        }
    }

    Profile profile() {
        if (profile == null) {
            throw new IllegalStateException("nothing has been computed yet");
        }
        return profile;
    }

    long instant() {
        return profile().instant();
    }

    /** How many events a range has. */
    int size(int range) {
        return high[range] - low[range];
    }

    /** The i-th event of a range, in order of time. */
    int event(int range, int i) {
        return lists[filterOf[range]].get(low[range] + i);
    }

    /** Whether the i-th event of a range is a return that is subtracted. */
    boolean returned(int range, int i) {
        return netting[range] && profile().type(event(range, i)) == Types.RETURN;
    }

    /** Whether a range may have returns that are subtracted. */
    boolean nets(int range) {
        return netting[range];
    }

    Units units(int index) {
        return units[index];
    }

    /** Says that a feature's value changes in a step at that instant, through time alone. */
    void turnsAt(long instant) {
        validUntil = Math.min(validUntil, instant);
    }

    long validUntil() {
        return validUntil;
    }

    double value(int at) {
        return values[at];
    }

    /** Keeps a number; one that is not finite is missing. */
    void set(int at, double value) {
        values[at] = Double.isFinite(value) ? value : Double.NaN;
    }

    void clear(int at, int width) {
        Arrays.fill(values, at, at + width, 0);
    }

    void add(int at, double value) {
        values[at] += value;
    }

    @Nullable
    String text(int at) {
        return texts[at];
    }

    void setText(int at, @Nullable String text) {
        texts[at] = text;
    }

    /** An empty set to count different values with. */
    DistinctSet distinct() {
        distinct.clear();
        return distinct;
    }

    /** Numbers to work with until the next call. */
    double[] scratch(int size) {
        if (scratch.length < size) {
            scratch = new double[Math.max(size, scratch.length * 2)];
        }
        return scratch;
    }

    /** An array by symbol, all −1, to be left so. */
    int[] bySymbol() {
        int symbols = profile().symbols();
        if (bySymbol.length < symbols) {
            bySymbol = new int[Math.max(symbols, bySymbol.length * 2)];
            Arrays.fill(bySymbol, -1);
        }
        return bySymbol;
    }

    /** Values of other features as the variables of an expression. */
    Variables inputs(int[] places) {
        inputs.places = places;
        return inputs;
    }

    private final class Inputs implements Variables {

        private int[] places = {};

        @Override
        public double number(int slot) {
            return values[places[slot]];
        }

        @Override
        public @Nullable String text(int slot) {
            return null;
        }

        @Override
        public Truth truth(int slot) {
            return Truth.MISSING;
        }
    }
}
