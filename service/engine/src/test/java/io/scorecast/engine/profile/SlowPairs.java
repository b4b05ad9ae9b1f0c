package io.scorecast.engine.profile;

import io.scorecast.engine.event.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Candidates and features of pairs, written as plainly as can be: the reference of the engine. An order keeps an item if it
 * was bought in it more often than returned; the time is that of the last purchase of the item in the order.
 */
final class SlowPairs {

    private static final double DAY = 86_400_000;

    private final long instant;
    private final List<String> items;
    private final Map<String, List<Long>> kept = new TreeMap<>();
    private final List<Long> orders;

    /** @param item of an event; null if it is of none */
    SlowPairs(List<LoggedEvent> visible, long instant, List<String> items, Function<Event, @Nullable String> item) {
        this.instant = instant;
        this.items = items;
        for (String each : items) {
            List<Long> times = kept(visible, event -> each.equals(item.apply(event)));
            if (!times.isEmpty()) {
                kept.put(each, times);
            }
        }
        orders = kept(visible, event -> true);
    }

    private static List<Long> kept(List<LoggedEvent> visible, Function<Event, Boolean> isMeant) {
        Map<String, Integer> balance = new LinkedHashMap<>();
        Map<String, Long> bought = new HashMap<>();
        for (LoggedEvent logged : visible) {
            Event event = logged.event();
            boolean purchase = event.type().equals("purchase");
            if ((purchase || event.type().equals("return")) && isMeant.apply(event)) {
                String order = event.order() == null ? "alone " + event.id().value() : "order " + event.order();
                balance.merge(order, purchase ? 1 : -1, Integer::sum);
                if (purchase) {
                    bought.put(order, event.time());
                }
            }
        }
        List<Long> times = new ArrayList<>();
        balance.forEach((order, left) -> {
            if (left > 0) {
                times.add(bought.get(order));
            }
        });
        return times.stream().sorted().toList();
    }

    boolean isBought(String item) {
        return kept.containsKey(item);
    }

    double times(String item) {
        return of(item).size();
    }

    double daysSince(String item) {
        return isBought(item) ? (instant - of(item).getLast()) / DAY : Double.NaN;
    }

    double daysSinceFirst(String item) {
        return isBought(item) ? (instant - of(item).getFirst()) / DAY : Double.NaN;
    }

    /** The mean of the days between neighbouring orders. */
    double gapMean(String item) {
        List<Long> times = of(item);
        double sum = 0;
        for (int i = 1; i < times.size(); i++) {
            sum += (times.get(i) - times.get(i - 1)) / DAY;
        }
        return times.size() < 2 ? Double.NaN : sum / (times.size() - 1);
    }

    double gapRatio(String item) {
        double ratio = daysSince(item) / gapMean(item);
        return Double.isFinite(ratio) ? ratio : Double.NaN;
    }

    double ordersSince(String item) {
        return isBought(item)
                ? orders.stream().filter(at -> at > of(item).getLast()).count()
                : Double.NaN;
    }

    double orderShare(String item) {
        return orders.isEmpty() ? 0 : times(item) / orders.size();
    }

    double decayed(String item, double halfLife) {
        return decayed(of(item), halfLife);
    }

    double decayedShare(String item, double halfLife) {
        return orders.isEmpty() ? 0 : decayed(item, halfLife) / decayed(orders, halfLife);
    }

    /** The share of all purchases, decayed, that lies in the item's category. */
    double affinity(String item, Function<String, String> categoryOf, double halfLife) {
        double within = 0;
        double all = 0;
        for (String other : kept.keySet()) {
            if (!categoryOf.apply(other).isEmpty()) {
                all += decayed(other, halfLife);
                within += categoryOf.apply(other).equals(categoryOf.apply(item)) ? decayed(other, halfLife) : 0;
            }
        }
        return all == 0 ? 0 : within / all;
    }

    /** @param halfLife 0 to count each item bought once */
    double similarity(String item, Map<String, Map<String, Double>> neighbours, double halfLife) {
        double sum = 0;
        for (String other : kept.keySet()) {
            double similar = neighbours.getOrDefault(other, Map.of()).getOrDefault(item, 0.0);
            sum += similar * (halfLife == 0 ? 1 : decayed(other, halfLife));
        }
        return sum;
    }

    double similarityShare(String item, Map<String, Map<String, Double>> neighbours, double halfLife) {
        double whole = kept.keySet().stream()
                .mapToDouble(other -> halfLife == 0 ? 1 : decayed(other, halfLife))
                .sum();
        return whole == 0 ? 0 : similarity(item, neighbours, halfLife) / whole;
    }

    /** Adds what a source gives: the greatest weights above 0, of equals what is named first. */
    void pick(
            List<String> picked,
            ToDoubleFunction<String> weight,
            int most,
            int limit,
            Function<String, Boolean> wanted) {
        items.stream()
                .filter(item -> weight.applyAsDouble(item) > 0 && wanted.apply(item) && !picked.contains(item))
                .sorted(Comparator.comparingDouble((String item) -> -(float) weight.applyAsDouble(item)))
                .limit(most)
                .toList()
                .forEach(item -> {
                    if (picked.size() < limit) {
                        picked.add(item);
                    }
                });
    }

    private List<Long> of(String item) {
        return kept.getOrDefault(item, List.of());
    }

    private double decayed(List<Long> times, double halfLife) {
        return times.stream()
                .mapToDouble(at -> Math.pow(2, -(instant - at) / halfLife))
                .sum();
    }
}
