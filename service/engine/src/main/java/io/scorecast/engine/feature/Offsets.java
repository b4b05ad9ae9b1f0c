package io.scorecast.engine.feature;

import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A time zone's offsets, unrolled into arrays: looking one up allocates nothing. Immutable. */
final class Offsets {

    /** Behind this the last year's rules are not unrolled any more; no event may be so late. */
    private static final Instant END = Instant.parse("2101-01-01T00:00:00Z");

    private final long[] from;
    private final int[] millis;

    private Offsets(long[] from, int[] millis) {
        this.from = from;
        this.millis = millis;
    }

    static Offsets of(ZoneId zone) {
        ZoneRules rules = zone.getRules();
        List<ZoneOffsetTransition> transitions = new ArrayList<>();
        ZoneOffsetTransition next = rules.nextTransition(Instant.parse("1900-01-01T00:00:00Z"));
        while (next != null && next.getInstant().isBefore(END)) {
            transitions.add(next);
            next = rules.nextTransition(next.getInstant());
        }
        long[] from = new long[transitions.size()];
        int[] millis = new int[from.length + 1];
        millis[0] = rules.getOffset(Instant.parse("1900-01-01T00:00:00Z")).getTotalSeconds() * 1000;
        for (int i = 0; i < from.length; i++) {
            from[i] = transitions.get(i).getInstant().toEpochMilli();
            millis[i + 1] = transitions.get(i).getOffsetAfter().getTotalSeconds() * 1000;
        }
        return new Offsets(from, millis);
    }

    /** The wall clock at an instant, as milliseconds since 1970-01-01T00:00 local. */
    long local(long instant) {
        int found = Arrays.binarySearch(from, instant);
        return instant + millis[found >= 0 ? found + 1 : -found - 1];
    }
}
