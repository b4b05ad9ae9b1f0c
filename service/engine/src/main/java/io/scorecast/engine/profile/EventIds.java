package io.scorecast.engine.profile;

import java.util.Arrays;

/** The events of one log by their ids: finds repeats, and compares ids as UTF-8. */
final class EventIds {

    private byte[] log = new byte[0];
    private int[] at = new int[0];
    private int[] length = new int[0];

    /** Open addressing; 0 is empty, else an event plus one. At most half full. */
    private int[] slots = new int[128];

    private int used;

    /** Begins a log whose ids stand at the places of these columns; a negative length is that of a packed UUID. */
    void clear(byte[] newLog, int[] idAt, int[] idLength) {
        log = newLog;
        at = idAt;
        length = idLength;
        Arrays.fill(slots, 0);
        used = 0;
    }

    /** The columns were replaced by longer copies. */
    void moved(int[] idAt, int[] idLength) {
        at = idAt;
        length = idLength;
    }

    /** The earlier event with the same id, or -1 after noting this one. */
    int findOrAdd(int event) {
        int mask = slots.length - 1;
        int slot = hash(at[event], length[event]) & mask;
        for (; slots[slot] != 0; slot = slot + 1 & mask) {
            if (same(slots[slot] - 1, at[event], length[event])) {
                return slots[slot] - 1;
            }
        }
        slots[slot] = event + 1;
        if (++used * 2 > slots.length) {
            grow();
        }
        return -1;
    }

    private void grow() {
        int[] old = slots;
        slots = new int[2 * old.length];
        for (int entry : old) {
            if (entry != 0) {
                int slot = hash(at[entry - 1], length[entry - 1]) & slots.length - 1;
                while (slots[slot] != 0) {
                    slot = slot + 1 & slots.length - 1;
                }
                slots[slot] = entry;
            }
        }
    }

    /** The event of an id that stands as text in the log; -1 if there is none. */
    int find(int textAt, int textLength) {
        byte[] uuid = textLength == Uuids.textLength()
                ? Uuids.bytes(new String(log, textAt, textLength, java.nio.charset.StandardCharsets.UTF_8))
                : null;
        byte[] source = uuid == null ? log : uuid;
        int from = uuid == null ? textAt : 0;
        int size = uuid == null ? textLength : -Uuids.BYTES;
        int mask = slots.length - 1;
        int slot = LogReader.hash(source, from, Math.abs(size)) & mask;
        for (; slots[slot] != 0; slot = slot + 1 & mask) {
            int event = slots[slot] - 1;
            if (length[event] == size
                    && Arrays.equals(log, at[event], at[event] + Math.abs(size), source, from, from + Math.abs(size))) {
                return event;
            }
        }
        return -1;
    }

    private int hash(int from, int size) {
        return LogReader.hash(log, from, Math.abs(size));
    }

    private boolean same(int event, int from, int size) {
        int bytes = Math.abs(size);
        return length[event] == size && Arrays.equals(log, at[event], at[event] + bytes, log, from, from + bytes);
    }

    /** Compares two events' ids by their UTF-8 bytes. */
    int compare(int a, int b) {
        if (length[a] >= 0 && length[b] >= 0) {
            return Arrays.compareUnsigned(log, at[a], at[a] + length[a], log, at[b], at[b] + length[b]);
        }
        int lengthA = textLength(a);
        int lengthB = textLength(b);
        for (int i = 0; i < Math.min(lengthA, lengthB); i++) {
            int difference = textByte(a, i) - textByte(b, i);
            if (difference != 0) {
                return difference;
            }
        }
        return lengthA - lengthB;
    }

    private int textLength(int event) {
        return length[event] < 0 ? Uuids.textLength() : length[event];
    }

    private int textByte(int event, int i) {
        return length[event] < 0 ? Uuids.textByte(log, at[event], i) : log[at[event] + i] & 0xff;
    }
}
