package io.scorecast.engine.pair;

import java.util.Arrays;

/** The pairs of one customer with their features, list by list. Filled by a {@link PairPlan.State}, and reused. */
public final class Pairs {

    private final int width;
    private final int[] ends;
    private int[] items = new int[64];
    private float[] rows;
    private int size;

    Pairs(int lists, int width) {
        this.width = width;
        ends = new int[lists];
        rows = new float[items.length * width];
    }

    void clear() {
        size = 0;
    }

    /** Makes room for a pair, and returns where its row begins. */
    int add(int item) {
        if (size == items.length) {
            items = Arrays.copyOf(items, 2 * size);
            rows = Arrays.copyOf(rows, items.length * width);
        }
        items[size] = item;
        return size++ * width;
    }

    void end(int list) {
        ends[list] = size;
    }

    /** Row by row, numbers in the order of the plan's columns. */
    float[] rows() {
        return rows;
    }

    /** The pairs of all lists. */
    public int size() {
        return size;
    }

    /** The first pair of a list. */
    public int first(int list) {
        return list == 0 ? 0 : ends[list - 1];
    }

    /** The pair behind a list's last one. */
    public int last(int list) {
        return ends[list];
    }

    /** A pair's item within its list's vocabulary, from 0. */
    public int item(int pair) {
        return items[pair];
    }

    /** Copies all rows. */
    public void copyTo(float[] target, int offset) {
        System.arraycopy(rows, 0, target, offset, size * width);
    }

    /** Copies one pair's row. */
    public void copyTo(int pair, float[] target, int offset) {
        System.arraycopy(rows, pair * width, target, offset, width);
    }
}
