package io.scorecast.engine.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.scorecast.engine.event.Event;
import io.scorecast.engine.feature.FeaturePlan;
import io.scorecast.engine.pair.PairPlan;
import io.scorecast.engine.pair.PairSet;
import io.scorecast.engine.pair.Pairs;
import io.scorecast.engine.problem.Problems;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * Candidates and their features for random logs, with repeats, retractions, returns and ties, against {@link SlowPairs}. One
 * scratch space serves all logs, so nothing of one customer may be left for the next.
 */
class RandomPairsTest {

    private static final double HALF_LIFE = 30;

    private static final String DEFINITIONS = """
            features:
              - {name: orders, kind: count, event: purchase, per: order}
              - {name: taste, kind: affinity, level: 2, vocabulary: [a/b0, a/b1]}
            candidates:
              - list: items
                vocabulary: items.txt
                field: product_id
                facts: items.facts.tsv
                neighbours: items.neighbours.txt
                limit: 4
                sources:
                  - {from: history, most: 2, half_life: 0.0005m}
                  - {from: neighbours, most: 2}
                  - {from: categories, most: 1, level: 1, fact: popularity, half_life: 0.0005m}
                  - {from: popularity, most: 3, fact: popularity}
              - list: discover
                vocabulary: categories.txt
                field: category
                level: 2
                facts: categories.facts.tsv
                bought: never
                limit: 3
                sources:
                  - {from: popularity, most: 9, fact: popularity}
            pairs:
              - {name: times, kind: times_bought}
              - {name: since, kind: days_since}
              - {name: first, kind: days_since_first}
              - {name: gap, kind: gap_mean}
              - {name: regularity, kind: gap_ratio}
              - {name: orders_since, kind: orders_since}
              - {name: share, kind: order_share}
              - {name: decayed, kind: decayed_count, half_life: 0.0005m}
              - {name: decayed_share, kind: decayed_share, half_life: 0.0005m}
              - {name: similar, kind: similarity}
              - {name: similar_lately, kind: similarity, half_life: 0.0005m}
              - {name: alike, kind: similarity_share}
              - {name: alike_lately, kind: similarity_share, half_life: 0.0005m}
              - {name: category, kind: affinity, level: 1, half_life: 0.0005m}
              - {name: popularity, kind: fact, fact: popularity}
              - {name: discover, kind: list}
            """;

    private static final List<String> PRODUCTS = List.of("p3", "p9", "p0", "p1", "p7", "p2");
    private static final List<String> CATEGORIES = List.of("x/y", "a/b2", "a/b0", "a/b1", "x/z");
    private static final Map<String, String> CATEGORY_OF =
            Map.of("p3", "m/n", "p9", "m/o", "p0", "q/n", "p1", "q/n", "p7", "", "p2", "m");
    private static final Map<String, Double> POPULARITY = Map.of(
            "p3", 2.0, "p9", 5.0, "p0", 2.0, "p1", 0.0, "p7", 1.5, "p2", 2.0, "x/y", 1.0, "a/b2", 3.0, "a/b0", 3.0);
    private static final Map<String, Map<String, Double>> NEIGHBOURS =
            Map.of("p3", Map.of("p9", 0.5, "p0", 0.25), "p0", Map.of("p3", 1.0), "p2", Map.of("p7", 0.5, "p1", 2.0));

    private static final Map<String, String> FILES = Map.of(
            "items.txt", lines(PRODUCTS, item -> item + "\t" + CATEGORY_OF.get(item)),
            "categories.txt", lines(CATEGORIES, item -> item),
            "items.facts.tsv", "popularity\n" + lines(PRODUCTS, RandomPairsTest::popularity),
            "categories.facts.tsv", "popularity\n" + lines(CATEGORIES, RandomPairsTest::popularity),
            "items.neighbours.txt", lines(PRODUCTS, RandomPairsTest::neighbours));

    private final PairSet.Declared declared = declared();
    private final PairSet set = Objects.requireNonNull(declared.pairs());
    private final FeaturePlan features = FeaturePlan.of(List.of(declared.features()));
    private final List<String> names = names();
    private final PairPlan plan = new PairPlan(set, names, declared.features(), features);
    private final FeaturePlan.State ofCustomer = features.newState();
    private final PairPlan.State state = plan.newState();
    private final Pairs pairs = plan.newPairs();

    private static String lines(List<String> items, java.util.function.Function<String, String> line) {
        StringBuilder text = new StringBuilder();
        items.forEach(item -> text.append(line.apply(item)).append('\n'));
        return text.toString();
    }

    /** An empty cell where it is unknown. */
    private static String popularity(String item) {
        return POPULARITY.containsKey(item) ? POPULARITY.get(item).toString() : "";
    }

    private static String neighbours(String item) {
        StringBuilder line = new StringBuilder();
        NEIGHBOURS
                .getOrDefault(item, Map.of())
                .forEach((other, similarity) -> line.append(line.isEmpty() ? "" : " ")
                        .append(PRODUCTS.indexOf(other) + 1)
                        .append(':')
                        .append(similarity));
        return line.toString();
    }

    private static PairSet.Declared declared() {
        Problems problems = new Problems();
        PairSet.Declared declared = PairSet.readFile("features.yaml", DEFINITIONS, FILES::get, problems);
        assertThat(problems.list()).isEmpty();
        return declared;
    }

    /** The features of the customer among those of the pair, a vector too. */
    private List<String> names() {
        List<String> names = new ArrayList<>(set.names());
        names.add(3, "taste");
        names.add("orders");
        return names;
    }

    @Property(tries = 400)
    void compute_randomLogs_equalTheSlowReference(@ForAll long seed) {
        RandomEvents random = new RandomEvents(seed);
        List<LoggedEvent> log = random.log(random.nextInt(120));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ProfileLog.header(new LogHeader(0, 0)));
        log.forEach(event -> bytes.writeBytes(ProfileLog.event(event.event(), event.arrival())));
        Profile profile = ProfileDecoder.create(SourcePriority.NONE).decode(bytes.toByteArray(), 0, bytes.size());
        for (int i = 0; i < 3; i++) {
            long instant = RandomEvents.START + random.nextInt(70) - 5;
            profile.asOf(instant, false);
            features.compute(profile, ofCustomer);
            state.compute(profile, ofCustomer, pairs);

            List<LoggedEvent> visible = new SlowProfile(log, instant, false, List.of()).visible;
            compare(0, products(visible, instant));
            compare(1, categories(visible, instant));
            assertThat(pairs.size()).isEqualTo(pairs.last(1));
        }
    }

    private Map<String, Map<String, Double>> products(List<LoggedEvent> visible, long instant) {
        SlowPairs slow = new SlowPairs(visible, instant, PRODUCTS, Event::product);
        List<String> picked = new ArrayList<>();
        slow.pick(picked, item -> slow.decayed(item, HALF_LIFE), 2, 4, item -> true);
        slow.pick(picked, item -> slow.similarity(item, NEIGHBOURS, 0), 2, 4, item -> true);
        slow.pick(
                picked,
                item -> slow.affinity(item, RandomPairsTest::top, HALF_LIFE)
                        * (top(item).isEmpty() ? 0 : POPULARITY.get(item)),
                1,
                4,
                item -> true);
        slow.pick(picked, item -> 1 + POPULARITY.get(item), 3, 4, item -> true);
        Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
        for (String item : picked) {
            Map<String, Double> row = row(slow, item);
            row.put("similar", slow.similarity(item, NEIGHBOURS, 0));
            row.put("similar_lately", slow.similarity(item, NEIGHBOURS, HALF_LIFE));
            row.put("alike", slow.similarityShare(item, NEIGHBOURS, 0));
            row.put("alike_lately", slow.similarityShare(item, NEIGHBOURS, HALF_LIFE));
            row.put("category", top(item).isEmpty() ? 0 : slow.affinity(item, RandomPairsTest::top, HALF_LIFE));
            row.put("discover", 0.0);
            rows.put(item, row);
        }
        return rows;
    }

    private Map<String, Map<String, Double>> categories(List<LoggedEvent> visible, long instant) {
        SlowPairs slow = new SlowPairs(visible, instant, CATEGORIES, Event::category);
        List<String> picked = new ArrayList<>();
        slow.pick(picked, item -> 1 + POPULARITY.getOrDefault(item, -0.5), 9, 3, item -> !slow.isBought(item));
        Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
        for (String item : picked) {
            Map<String, Double> row = row(slow, item);
            row.put("similar", 0.0);
            row.put("similar_lately", 0.0);
            row.put("alike", 0.0);
            row.put("alike_lately", 0.0);
            row.put("category", slow.affinity(item, path -> path.substring(0, 1), HALF_LIFE));
            row.put("discover", 1.0);
            rows.put(item, row);
        }
        return rows;
    }

    private static Map<String, Double> row(SlowPairs slow, String item) {
        Map<String, Double> row = new LinkedHashMap<>();
        row.put("times", slow.times(item));
        row.put("since", slow.daysSince(item));
        row.put("first", slow.daysSinceFirst(item));
        row.put("gap", slow.gapMean(item));
        row.put("regularity", slow.gapRatio(item));
        row.put("orders_since", slow.ordersSince(item));
        row.put("share", slow.orderShare(item));
        row.put("decayed", slow.decayed(item, HALF_LIFE));
        row.put("decayed_share", slow.decayedShare(item, HALF_LIFE));
        row.put("popularity", POPULARITY.getOrDefault(item, Double.NaN));
        return row;
    }

    /** The first segment of a product's category. */
    private static String top(String product) {
        String category = Objects.requireNonNull(CATEGORY_OF.get(product));
        return category.isEmpty() ? "" : category.substring(0, 1);
    }

    private void compare(int list, Map<String, Map<String, Double>> expected) {
        List<String> found = new ArrayList<>();
        for (int pair = pairs.first(list); pair < pairs.last(list); pair++) {
            found.add(set.id(list, pairs.item(pair)));
        }
        assertThat(found).containsExactlyElementsOf(expected.keySet());
        List<String> columns = set.columns(names, declared.features());
        float[] row = new float[plan.width()];
        float[] customer = new float[declared.features().width()];
        features.reader(declared.features()).write(ofCustomer, customer, 0);
        for (int i = 0; i < found.size(); i++) {
            pairs.copyTo(pairs.first(list) + i, row, 0);
            Map<String, Double> wanted = new LinkedHashMap<>(expected.get(found.get(i)));
            wanted.put("orders", (double) customer[0]);
            wanted.put("taste_0", (double) customer[1]);
            wanted.put("taste_1", (double) customer[2]);
            assertThat(columns).hasSize(row.length).containsExactlyInAnyOrderElementsOf(wanted.keySet());
            for (int c = 0; c < row.length; c++) {
                assertEqual(found.get(i) + "." + columns.get(c), row[c], wanted.get(columns.get(c)));
            }
        }
    }

    private static void assertEqual(String name, double found, @Nullable Double wanted) {
        double value = Objects.requireNonNull(wanted);
        if (Double.isNaN(value)) {
            assertThat(found).as(name).isNaN();
        } else {
            assertThat(found).as(name).isCloseTo(value, within(1e-6 * Math.max(1e-6, Math.abs(value))));
        }
    }
}
