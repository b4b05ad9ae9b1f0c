package io.scorecast.engine.pair;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What can be known of a list's items before there is a customer. Immutable. */
final class ItemRanks {

    /** By column of facts: the items, greatest number first, of equals the one that is named first. */
    private final Map<String, int[]> byFact = new HashMap<>();

    /** By level: each item's category. */
    private final Map<Integer, int[]> categories = new HashMap<>();

    ItemRanks(CandidateList list, List<PairFeature> features) {
        for (CandidateSource source : list.sources()) {
            switch (source.from()) {
                case POPULARITY -> byFact.computeIfAbsent(source.fact(), fact -> ranked(list.items(), fact));
                case CATEGORIES -> categories.computeIfAbsent(source.level(), list.items()::categoriesAt);
                case HISTORY, NEIGHBOURS -> {}
            }
        }
        for (PairFeature feature : features) {
            if (feature.kind() == PairFeature.Kind.AFFINITY) {
                categories.computeIfAbsent(feature.level(), list.items()::categoriesAt);
            }
        }
    }

    private static int[] ranked(ItemTable items, String fact) {
        float[] numbers = numbers(items, fact);
        return IntStream.range(0, items.size())
                .boxed()
                .sorted((a, b) -> Float.compare(known(numbers[b]), known(numbers[a])))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static float known(float number) {
        return Float.isNaN(number) ? Float.NEGATIVE_INFINITY : number;
    }

    static float[] numbers(ItemTable items, String fact) {
        float[] numbers = items.facts().get(fact);
        if (numbers == null) {
            throw new IllegalArgumentException("no column " + fact);
        }
        return numbers;
    }

    int[] byFact(String fact) {
        int[] ranked = byFact.get(fact);
        if (ranked == null) {
            throw new IllegalArgumentException("no ranks by " + fact);
        }
        return ranked;
    }

    int[] categoriesAt(int level) {
        int[] found = categories.get(level);
        if (found == null) {
            throw new IllegalArgumentException("no categories of level " + level);
        }
        return found;
    }
}
