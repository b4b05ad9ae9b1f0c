package io.scorecast.engine.pair;

import io.scorecast.engine.profile.Profile;
import java.util.Arrays;

/**
 * Picks a customer's candidates for one list: source by source in their order, each item once, until there are enough. Of
 * items that a source weighs the same, the one that the vocabulary names first comes first. Scratch space of one thread.
 */
final class CandidatePicker {

    private final CandidateList list;
    private final ItemRanks ranks;
    private final History history;
    private final Affinities affinities;
    private final double[] weights;
    private final double[] sums;
    private final boolean[] picked;
    private final int[] candidates;
    private final long[] order;
    private int size;

    CandidatePicker(CandidateList list, ItemRanks ranks, History history, Affinities affinities) {
        this.list = list;
        this.ranks = ranks;
        this.history = history;
        this.affinities = affinities;
        int items = list.items().size();
        weights = new double[items];
        sums = new double[items];
        picked = new boolean[items];
        candidates = new int[Math.min(items, list.limit())];
        order = new long[items];
    }

    int size() {
        return size;
    }

    int item(int candidate) {
        return candidates[candidate];
    }

    CandidateList list() {
        return list;
    }

    ItemRanks ranks() {
        return ranks;
    }

    History history() {
        return history;
    }

    Affinities affinities() {
        return affinities;
    }

    /** Room for a number for each item, for whoever computes a column. */
    double[] sums() {
        return sums;
    }

    void pick(Profile profile) {
        history.fill(profile);
        size = 0;
        Arrays.fill(picked, false);
        for (CandidateSource source : list.sources()) {
            switch (source.from()) {
                case HISTORY -> history(source);
                case NEIGHBOURS -> {
                    affinities.bySimilarity(history, source.halfLife(), weights);
                    heaviest(source.most());
                }
                case CATEGORIES -> {
                    affinities.byCategory(history, source.level(), source.halfLife(), weights, sums);
                    float[] popularity = ItemRanks.numbers(list.items(), source.fact());
                    for (int item = 0; item < weights.length; item++) {
                        weights[item] *= popularity[item];
                    }
                    heaviest(source.most());
                }
                case POPULARITY -> popular(source);
            }
        }
    }

    private void history(CandidateSource source) {
        Arrays.fill(weights, 0);
        int h = affinities.place(source.halfLife());
        for (int i = 0; i < history.boughtItems(); i++) {
            int item = history.bought(i);
            weights[item] = history.decayed(h, item);
        }
        heaviest(source.most());
    }

    private void popular(CandidateSource source) {
        int taken = 0;
        for (int item : ranks.byFact(source.fact())) {
            if (taken == source.most() || size == candidates.length) {
                return;
            }
            taken += take(item);
        }
    }

    /** Takes those of the greatest weight above 0. */
    private void heaviest(int most) {
        int found = 0;
        for (int item = 0; item < weights.length; item++) {
            if (weights[item] > 0 && !picked[item] && isWanted(item)) {
                // Positive floats sort as their bits do; turned round, so that the greatest comes first.
                int rank = Integer.MAX_VALUE - Float.floatToRawIntBits((float) weights[item]);
                order[found++] = ((long) rank << 32) | item;
            }
        }
        Arrays.sort(order, 0, found);
        for (int i = 0; i < found && i < most && size < candidates.length; i++) {
            take((int) order[i]);
        }
    }

    private boolean isWanted(int item) {
        return switch (list.bought()) {
            case ANY -> true;
            case ONLY -> history.count(item) > 0;
            case NEVER -> history.count(item) == 0;
        };
    }

    private int take(int item) {
        if (picked[item] || !isWanted(item)) {
            return 0;
        }
        picked[item] = true;
        candidates[size++] = item;
        return 1;
    }
}
