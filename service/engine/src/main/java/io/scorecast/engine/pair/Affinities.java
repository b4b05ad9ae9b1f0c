package io.scorecast.engine.pair;

import java.util.Arrays;
import java.util.function.LongToIntFunction;

/** Weighs items by what else the customer bought: in the same category, or similar to them. Scratch space of one thread. */
final class Affinities {

    private final ItemTable items;
    private final ItemRanks ranks;
    private final LongToIntFunction halfLife;

    Affinities(CandidateList list, ItemRanks ranks, LongToIntFunction halfLife) {
        this.items = list.items();
        this.ranks = ranks;
        this.halfLife = halfLife;
    }

    /**
     * Shares of the customer's purchases, decayed, that lie in each item's category.
     *
     * @param shares by item, overwritten; 0 where there is no category
     * @param sums scratch of as many numbers
     */
    void byCategory(History history, int level, long decay, double[] shares, double[] sums) {
        int[] categories = ranks.categoriesAt(level);
        int h = halfLife.applyAsInt(decay);
        Arrays.fill(sums, 0);
        double total = 0;
        for (int i = 0; i < history.boughtItems(); i++) {
            int item = history.bought(i);
            if (categories[item] >= 0) {
                sums[categories[item]] += history.decayed(h, item);
                total += history.decayed(h, item);
            }
        }
        for (int item = 0; item < shares.length; item++) {
            shares[item] = total > 0 && categories[item] >= 0 ? sums[categories[item]] / total : 0;
        }
    }

    /**
     * Sums of the similarities that items bought have to each item.
     *
     * @param decay 0 to count each item bought once, else each weighs as much as its orders do
     * @param found by item, overwritten
     * @return the weights of all items bought
     */
    double bySimilarity(History history, long decay, double[] found) {
        int h = halfLife.applyAsInt(decay);
        Arrays.fill(found, 0);
        double whole = 0;
        for (int i = 0; i < history.boughtItems(); i++) {
            int item = history.bought(i);
            double weight = decay == 0 ? 1 : history.decayed(h, item);
            whole += weight;
            int[] neighbours = items.neighbours()[item];
            float[] similarities = items.similarities()[item];
            for (int n = 0; n < neighbours.length; n++) {
                found[neighbours[n]] += weight * similarities[n];
            }
        }
        return whole;
    }

    /** The place of a half-life among those that the history keeps. */
    int place(long decay) {
        return halfLife.applyAsInt(decay);
    }
}
