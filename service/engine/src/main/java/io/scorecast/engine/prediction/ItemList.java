package io.scorecast.engine.prediction;

import java.util.List;

/**
 * Recommended items, best first.
 *
 * @param items the items
 * @param scores their scores, in the same order; NaN for an item that has none, such as a merely popular one
 */
public record ItemList(List<Item> items, List<Double> scores) {

    public static final ItemList EMPTY = new ItemList(List.of(), List.of());

    public ItemList {
        items = List.copyOf(items);
        scores = List.copyOf(scores);
        if (items.size() != scores.size()) {
            throw new IllegalArgumentException(items.size() + " items but " + scores.size() + " scores");
        }
    }

    public int size() {
        return items.size();
    }

    /** The first ones, or all if there are no more. */
    public ItemList first(int most) {
        return size() <= most ? this : new ItemList(items.subList(0, most), scores.subList(0, most));
    }
}
