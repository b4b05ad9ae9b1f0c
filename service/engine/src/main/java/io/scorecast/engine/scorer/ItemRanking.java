package io.scorecast.engine.scorer;

import io.scorecast.engine.event.EventType;
import io.scorecast.engine.model.BoundOutput;
import io.scorecast.engine.model.ItemVocabulary;
import io.scorecast.engine.model.ItemsOutput;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.Rounding;
import io.scorecast.engine.policy.Recommendation;
import io.scorecast.engine.prediction.Item;
import io.scorecast.engine.prediction.ItemList;
import io.scorecast.engine.profile.Profile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
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
     * Boosts and leaves out.
     *
     * @param list best first
     * @param exclude what the caller left out
     * @param rules the rules of the policy that hold
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
            if (isExcluded(item, exclude) || bought.contains(item.id())) {
                continue;
            }
            boolean left = false;
            for (Recommendation rule : rules) {
                left |= isExcluded(item, rule.exclude());
                for (Recommendation.Boost boost : rule.boost()) {
                    if (isUnder(item.category(), boost.category()) || isUnder(item.id(), boost.category())) {
                        score *= boost.by();
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
        return new ItemList(
                kept.stream().map(Ranked::item).toList(),
                kept.stream().map(Ranked::score).toList());
    }

    /** Only leaves out what the caller does not want. */
    static ItemList without(ItemList list, List<String> exclude) {
        List<Item> items = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (!isExcluded(list.items().get(i), exclude)) {
                items.add(list.items().get(i));
                scores.add(list.scores().get(i));
            }
        }
        return new ItemList(items, scores);
    }

    private record Ranked(Item item, double score) {}

    /** Ids and category paths that the customer bought within the longest span that a rule names. */
    private static Set<String> bought(List<Recommendation> rules, Profile profile) {
        long span = 0;
        for (Recommendation rule : rules) {
            span = Math.max(span, rule.excludeBoughtWithin());
        }
        Set<String> bought = new HashSet<>();
        for (int i = profile.size() - 1; i >= 0 && profile.time(i) > profile.instant() - span; i--) {
            if (profile.type(i) == EventType.PURCHASE.ordinal()) {
                add(bought, profile, profile.product(i));
                add(bought, profile, profile.category(i));
            }
        }
        return bought;
    }

    private static void add(Set<String> bought, Profile profile, int symbol) {
        if (symbol != Profile.NONE) {
            bought.add(profile.text(symbol));
        }
    }

    private static boolean isExcluded(Item item, List<String> exclude) {
        for (String word : exclude) {
            if (isUnder(item.id(), word) || isUnder(item.category(), word)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a path is another or below it. */
    private static boolean isUnder(String path, String above) {
        return path.startsWith(above) && (path.length() == above.length() || path.charAt(above.length()) == '/');
    }
}
