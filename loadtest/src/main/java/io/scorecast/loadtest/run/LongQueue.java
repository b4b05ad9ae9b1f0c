package io.scorecast.loadtest.run;

/** Numbers in the order in which they came, without a box for each. */
final class LongQueue {

    private long[] ring = new long[1024];
    private int first;
    private int size;

    void add(long value) {
        if (size == ring.length) {
            long[] larger = new long[2 * size];
            for (int i = 0; i < size; i++) {
                larger[i] = ring[(first + i) % size];
            }
            ring = larger;
            first = 0;
        }
        ring[(first + size) % ring.length] = value;
        size++;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** The oldest; there must be one. */
    long first() {
        return ring[first];
    }

    /** Takes the oldest out; there must be one. */
    long poll() {
        long value = ring[first];
        first = (first + 1) % ring.length;
        size--;
        return value;
    }
}
