package io.scorecast.engine.feature;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what the features of a plan share: filters, windows and units, each once. */
final class Planner {

    record Units(int range, Per per) {}

    private final Map<Filter, Integer> filters = new LinkedHashMap<>();
    private final Map<Source, Integer> ranges = new LinkedHashMap<>();
    private final Map<Units, Integer> units = new LinkedHashMap<>();
    private boolean daily;

    /** The place of a window's range of events. */
    int range(Source source) {
        filters.computeIfAbsent(source.filter(), f -> filters.size());
        return ranges.computeIfAbsent(source, s -> ranges.size());
    }

    /** The place of a window's units. */
    int units(Source source, Per per) {
        return units.computeIfAbsent(new Units(range(source), per), u -> units.size());
    }

    /** Says that a feature counts UTC days up to the instant. */
    void countsDays() {
        daily = true;
    }

    List<Filter> filters() {
        return new ArrayList<>(filters.keySet());
    }

    int filter(Source source) {
        return filters.getOrDefault(source.filter(), -1);
    }

    List<Source> ranges() {
        return new ArrayList<>(ranges.keySet());
    }

    List<Units> units() {
        return new ArrayList<>(units.keySet());
    }

    boolean daily() {
        return daily;
    }
}
