package io.scorecast.engine.scorer;

import io.scorecast.engine.event.EventType;
import io.scorecast.engine.model.BoundOutput;
import io.scorecast.engine.model.ItemVocabulary;
import io.scorecast.engine.model.ItemsOutput;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.Recommendation;
import io.scorecast.engine.model.Rounding;
import io.scorecast.engine.prediction.Item;
import io.scorecast.engine.prediction.ItemList;
import io.scorecast.engine.profile.Profile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns a model's indices into items, and applies what the caller and the policy's {@code recommend} rules say. */
final class ItemRanking {

    private ItemRanking() {}

    /** The items of one row in the model's order; those with no finite score are left out. */
    static ItemList read(BoundOutput.Items output, ModelBatch batch, int row) {
        ItemVocabulary vocabulary = output.spec().vocabulary();
        List<Item> items = new ArrayList<>(output.width());
        List<Double> scores = new ArrayList<>(output.width());
        for (int place = 0; place < output.width(); place++) {
            int index = output.item(batch, row, place);
            double score = output.score(batch, row, place);
            if (index > 0 && !Double.isNaN(score)) {
                items.add(item(vocabulary, index));
                scores.add(score);
            }
        }
        return new ItemList(items, scores);
    }

    /** What a customer whom the model cannot score is shown: popular items, which have no score. */
    static ItemList popular(ItemsOutput output) {
        List<Item> items = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        for (String id : output.fallback()) {
            int index = output.vocabulary().indexOf(id);
            items.add(index > 0 ? item(output.vocabulary(), index) : Item.of(id));
            scores.add(Double.NaN);
        }
        return new ItemList(items, scores);
    }

    static Item item(ItemVocabulary vocabulary, int index) {
        return new Item(vocabulary.id(index), vocabulary.category(index), vocabulary.title(index));
    }

    /**
     * Boosts, leaves out, and keeps each category within its limits.
     *
     * @param list best first
     * @param exclude what the caller left out
     * @param rules the version's settings and the rules of the policy that hold
     */
    static ItemList rank(ItemList list, List<String> exclude, List<Recommendation> rules, Profile profile) {
        if (list.size() == 0 || (exclude.isEmpty() && rules.isEmpty())) {
            return list;
        }
        Set<String> bought = bought(rules, profile);
        List<Ranked> kept = new ArrayList<>(list.size());
        boolean boosted = false;
        for (int i = 0; i < list.size(); i++) {
            Item item = list.items().get(i);
            double score = list.scores().get(i);
            if (Recommendation.excludes(exclude, item.id(), item.category()) || bought.contains(item.id())) {
                continue;
            }
            boolean left = false;
            for (Recommendation rule : rules) {
                left |= rule.excludes(item.id(), item.category());
                for (Recommendation.Boost boost : rule.boost()) {
                    if (Recommendation.isUnder(item.category(), boost.category())
                            || Recommendation.isUnder(item.id(), boost.category())) {
                        score = boost.apply(score);
                        boosted = true;
                    }
                }
            }
            if (!left) {
                kept.add(new Ranked(item, Rounding.sixDigits(score)));
            }
        }
        if (boosted) {
            kept.sort(Comparator.comparingDouble(Ranked::score).reversed()); // stable: the model's order breaks ties
        }
        for (Recommendation rule : rules) {
            if (rule.diversity() != null) {
                limit(kept, rule.diversity());
            }
        }
        return new ItemList(
                kept.stream().map(Ranked::item).toList(),
                kept.stream().map(Ranked::score).toList());
    }

    /** Leaves out what stands behind the last place that its category may have; items without one may stay. */
    private static void limit(List<Ranked> kept, Recommendation.Diversity diversity) {
        Map<String, Integer> places = new HashMap<>();
        kept.removeIf(ranked -> {
            String category = diversity.of(ranked.item().category());
            return !category.isEmpty() && places.merge(category, 1, Integer::sum) > diversity.most();
        });
    }

    /** Only leaves out what the caller does not want. */
    static ItemList without(ItemList list, List<String> exclude) {
        List<Item> items = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            Item item = list.items().get(i);
            if (!Recommendation.excludes(exclude, item.id(), item.category())) {
                items.add(item);
                scores.add(list.scores().get(i));
            }
        }
        return new ItemList(items, scores);
    }

    private record Ranked(Item item, double score) {}

    /** Ids and category paths, with those above them, that the customer bought within the longest span of a rule. */
    private static Set<String> bought(List<Recommendation> rules, Profile profile) {
        long span = 0;
        for (Recommendation rule : rules) {
            span = Math.max(span, rule.excludeBoughtWithin());
        }
        Set<String> bought = new HashSet<>();
        for (int i = profile.size() - 1; i >= 0 && profile.time(i) > profile.instant() - span; i--) {
            if (profile.type(i) == EventType.PURCHASE.ordinal()) {
                if (profile.product(i) != Profile.NONE) {
                    bought.add(profile.text(profile.product(i)));
                }
                if (profile.category(i) != Profile.NONE) {
                    String path = profile.text(profile.category(i));
                    for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
                        bought.add(path.substring(0, end));
                    }
                }
            }
        }
        return bought;
    }

    /** When the first item that was bought within a span may be recommended again; {@link Long#MAX_VALUE} if none was. */
    static long boughtUntil(Profile profile, long span) {
        long until = Long.MAX_VALUE;
        for (int i = profile.size() - 1; span > 0 && i >= 0 && profile.time(i) > profile.instant() - span; i--) {
            if (profile.type(i) == EventType.PURCHASE.ordinal()) {
                until = profile.time(i) + span;
            }
        }
        return until;
    }
}
