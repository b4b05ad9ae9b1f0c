package io.scorecast.engine.feature;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Counts different numbers and strings; reused, so that counting allocates nothing once it has grown. */
final class DistinctSet {

    private @Nullable Object[] strings = new @Nullable Object[32];
    private long[] numbers = new long[32];
    private boolean[] taken = new boolean[32];
    private int stringCount;
    private int numberCount;

    void clear() {
        if (stringCount > 0) {
            Arrays.fill(strings, null);
        }
        if (numberCount > 0) {
            Arrays.fill(taken, false);
        }
        stringCount = 0;
        numberCount = 0;
    }

    void add(double number) {
        if (numberCount * 2 >= numbers.length) {
            growNumbers();
        }
        // Adding zero makes -0.0 the same as 0.0.
        if (insert(Double.doubleToLongBits(number + 0.0))) {
            numberCount++;
        }
    }

    void add(String text) {
        if (stringCount * 2 >= strings.length) {
            growStrings();
        }
        if (insert(text)) {
            stringCount++;
        }
    }

    int size() {
        return stringCount + numberCount;
    }

    private boolean insert(long bits) {
        int mask = numbers.length - 1;
        int slot = Long.hashCode(bits * 0x9E3779B97F4A7C15L) & mask;
        while (taken[slot]) {
            if (numbers[slot] == bits) {
                return false;
            }
            slot = slot + 1 & mask;
        }
        taken[slot] = true;
        numbers[slot] = bits;
        return true;
    }

    private boolean insert(Object text) {
        int mask = strings.length - 1;
        int slot = (text.hashCode() * 0x9E3779B9) >>> 7 & mask;
        while (strings[slot] != null) {
            if (text.equals(strings[slot])) {
                return false;
            }
            slot = slot + 1 & mask;
        }
        strings[slot] = text;
        return true;
    }

    private void growNumbers() {
        long[] old = numbers;
        boolean[] held = taken;
        numbers = new long[old.length * 2];
        taken = new boolean[old.length * 2];
        for (int i = 0; i < old.length; i++) {
            if (held[i]) {
                insert(old[i]);
            }
        }
    }

    private void growStrings() {
        @Nullable Object[] old = strings;
        strings = new @Nullable Object[old.length * 2];
        for (Object text : old) {
            if (text != null) {
                insert(text);
            }
        }
    }
}
