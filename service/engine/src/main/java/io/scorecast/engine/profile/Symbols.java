package io.scorecast.engine.profile;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Numbers the different strings of one log, from 0 in the order in which they are met. */
final class Symbols {

    private static final int FIRST_CAPACITY = 64;

    private final StringCache cache = new StringCache();
    private byte[] log = new byte[0];
    private int size;
    private int[] at = new int[FIRST_CAPACITY];
    private int[] length = new int[FIRST_CAPACITY];
    private int[] hash = new int[FIRST_CAPACITY];
    private @Nullable String[] text = new @Nullable String[FIRST_CAPACITY];

    /** Open addressing; 0 is empty, else a symbol plus one. At most half full. */
    private int[] slots = new int[2 * FIRST_CAPACITY];

    void clear(byte[] newLog) {
        log = newLog;
        Arrays.fill(slots, 0);
        Arrays.fill(text, 0, size, null);
        size = 0;
    }

    int size() {
        return size;
    }

    /** The symbol of the string at a place in the log. */
    int of(int from, int bytes) {
        int h = LogReader.hash(log, from, bytes);
        int mask = slots.length - 1;
        for (int slot = h & mask; ; slot = slot + 1 & mask) {
            int found = slots[slot] - 1;
            if (found < 0) {
                return add(from, bytes, h, slot);
            }
            if (hash[found] == h && Arrays.equals(log, at[found], at[found] + length[found], log, from, from + bytes)) {
                return found;
            }
        }
    }

    private int add(int from, int bytes, int h, int slot) {
        if (size == at.length) {
            grow();
            return of(from, bytes);
        }
        slots[slot] = size + 1;
        at[size] = from;
        length[size] = bytes;
        hash[size] = h;
        return size++;
    }

    private void grow() {
        int capacity = 2 * at.length;
        at = Arrays.copyOf(at, capacity);
        length = Arrays.copyOf(length, capacity);
        hash = Arrays.copyOf(hash, capacity);
        text = Arrays.copyOf(text, capacity);
        slots = new int[2 * capacity];
        for (int symbol = 0; symbol < size; symbol++) {
            int slot = hash[symbol] & slots.length - 1;
            while (slots[slot] != 0) {
                slot = slot + 1 & slots.length - 1;
            }
            slots[slot] = symbol + 1;
        }
    }

    String text(int symbol) {
        String known = text[symbol];
        if (known == null) {
            known = cache.get(log, at[symbol], length[symbol]);
            text[symbol] = known;
        }
        return known;
    }

    int indexIn(Vocabulary vocabulary, int symbol) {
        return vocabulary.indexOf(log, at[symbol], length[symbol]);
    }

    /** The same for the first segments of a path; -1 if it has fewer. */
    int indexOfAncestor(Vocabulary vocabulary, int symbol, int level) {
        int end = at[symbol] + length[symbol];
        int left = level;
        for (int i = at[symbol]; i < end; i++) {
            if (log[i] == '/' && --left == 0) {
                return vocabulary.indexOf(log, at[symbol], i - at[symbol]);
            }
        }
        return left == 1 ? vocabulary.indexOf(log, at[symbol], length[symbol]) : -1;
    }
}
