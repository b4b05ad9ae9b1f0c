package io.scorecast.engine.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.scorecast.engine.event.Event;
import io.scorecast.engine.prediction.Item;
import io.scorecast.engine.prediction.ItemList;
import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.prediction.Reason;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.profile.ProfileLog;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import ml.dmlc.xgboost4j.java.Booster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A version with two lists of candidates, from its folder through the gate to an answer. */
class RankedVersionTest {

    private static final long NOW = Instant.parse("2026-06-01T12:00:00Z").toEpochMilli();
    private static final long DAY = 86_400_000;

    private static final Booster BOOSTER = RankedFolder.train();

    @TempDir
    private Path models;

    private RankedFolder folder;

    @BeforeEach
    void write() throws Exception {
        folder = RankedFolder.write(models, BOOSTER);
        folder.seal();
    }

    /** Milk ten and three days ago, beer ten days ago, soap forty days ago. */
    private static List<Event> history() {
        return List.of(
                bought("1", "milk", "dairy/milk", "o-1", 10),
                bought("2", "beer", "drinks/beer", "o-1", 10),
                bought("3", "milk", "dairy/milk", "o-2", 3),
                bought("4", "soap", "home/soap", "o-0", 40));
    }

    private static Event bought(String id, String product, String category, String order, int daysAgo) {
        return Event.builder()
                .id(id)
                .customer("c")
                .type("purchase")
                .time(NOW - daysAgo * DAY)
                .product(product)
                .category(category)
                .order(order)
                .build(NOW);
    }

    /** The pairs of that customer, by hand, as XGBoost's own library scores them. */
    private Map<String, Double> expected(String list) throws Exception {
        Map<String, Double> scores = new LinkedHashMap<>();
        float none = Float.NaN;
        if (list.equals("items")) {
            scores.put("milk", folder.predict(2, 3, 3, 0.9f, 0, 0));
            scores.put("beer", folder.predict(1, 3, 10, 0.6f, 0, 0));
            scores.put("soap", folder.predict(1, 3, 40, 0.2f, 0, 0));
        } else {
            scores.put("cheese", folder.predict(0, 3, none, 0.5f, 0.5f, 1));
            scores.put("yogurt", folder.predict(0, 3, none, 0.4f, 0.25f, 1));
            scores.put("wine", folder.predict(0, 3, none, 0.3f, 0.75f, 1));
            scores.put("bread", folder.predict(0, 3, none, 0.8f, 0, 1));
            scores.put("tea", folder.predict(0, 3, none, 0.1f, 0, 1));
        }
        Map<String, Double> sorted = new LinkedHashMap<>();
        scores.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }

    private Scorer load() {
        ScorerLoader.Loaded loaded = new ScorerLoader(ScorerSettings.DEFAULT, ScorerMetrics.NOOP).load(models);
        assertThat(loaded.problems()).isEmpty();
        return Objects.requireNonNull(loaded.scorer());
    }

    private Prediction ask(List<Event> events, String... exclude) {
        byte[] log = ProfileLog.of(1, events, Event::time);
        try (Scorer scorer = load()) {
            ScoreBatch batch = scorer.newBatch(1);
            batch.clear();
            batch.add(new Question("c", NOW, NOW, List.of(exclude)), log, 0, log.length);
            batch.score();
            return batch.prediction(0);
        }
    }

    private Prediction askWith(String settings) throws Exception {
        folder.put("model.yaml", RankedFolder.MANIFEST.replace("top: 3,", "top: 3, " + settings + ","));
        folder.seal();
        return ask(history());
    }

    private static List<String> ids(ItemList list) {
        return list.items().stream().map(Item::id).toList();
    }

    @Test
    void score_twoLists_equalXgboostOverPairsByHand() throws Exception {
        Prediction prediction = ask(history());
        for (int l = 0; l < 2; l++) {
            Map<String, Double> expected = expected(l == 0 ? "items" : "discover");
            ItemList list = prediction.lists().get(l);
            assertThat(ids(list)).isEqualTo(List.copyOf(expected.keySet()).subList(0, 3));
            for (int place = 0; place < list.size(); place++) {
                assertThat(list.scores().get(place))
                        .isCloseTo(Objects.requireNonNull(expected.get(ids(list).get(place))), within(1e-5));
            }
        }
        assertThat(prediction.lists().getFirst().items().getFirst()).isEqualTo(new Item("milk", "dairy/milk", "Milk"));
    }

    @Test
    void score_batchOfManyCustomers_equalsEachAlone() {
        List<List<Event>> customers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            List<Event> events = new ArrayList<>();
            for (int e = 0; e < i % 7; e++) {
                String item = RankedFolder.ITEMS.get((i * 3 + e) % RankedFolder.ITEMS.size());
                events.add(bought("e" + e, item, "x", "o" + e / 2, 1 + (i + e) % 30));
            }
            customers.add(events);
        }
        try (Scorer scorer = load()) {
            ScoreBatch batch = scorer.newBatch(4);
            ScoreBatch alone = scorer.newBatch(1);
            batch.clear();
            for (List<Event> events : customers) {
                add(batch, events);
            }
            batch.score();
            for (int i = 0; i < customers.size(); i++) {
                alone.clear();
                add(alone, customers.get(i));
                alone.score();
                assertThat(batch.prediction(i)).isEqualTo(alone.prediction(0));
            }
        }
    }

    private static void add(ScoreBatch batch, List<Event> events) {
        byte[] log = ProfileLog.of(1, events, Event::time);
        batch.add(Question.plain("c", NOW), log, 0, log.length);
    }

    @Test
    void score_unknownCustomer_getsPopularity() {
        Prediction prediction = ask(List.of());
        assertThat(prediction.reason()).isEqualTo(Reason.UNKNOWN_CUSTOMER);
        assertThat(ids(prediction.lists().getFirst())).containsExactly("milk", "bread", "beer");
        assertThat(ids(prediction.lists().getLast())).containsExactly("bread", "soap");
    }

    /** Who did something, but bought nothing, has nothing to buy again. */
    @Test
    void score_noPurchase_discoversWhatIsPopular() {
        Event view = Event.builder()
                .id("v")
                .customer("c")
                .type("view")
                .time(NOW - DAY)
                .product("tea")
                .build(NOW);
        Prediction prediction = ask(List.of(view));
        assertThat(prediction.reason()).isNull();
        assertThat(prediction.degraded()).isEmpty();
        assertThat(prediction.lists().getFirst().size()).isZero();
        assertThat(ids(prediction.lists().getLast())).hasSize(3).contains("milk");
    }

    @Test
    void score_excluded_othersComeForward() throws Exception {
        List<String> discover = List.copyOf(expected("discover").keySet());
        Prediction prediction = ask(history(), "milk", discover.getFirst());
        assertThat(ids(prediction.lists().getFirst())).doesNotContain("milk").hasSize(2);
        assertThat(ids(prediction.lists().getLast())).isEqualTo(discover.subList(1, 4));
        assertThat(ids(ask(history(), "drinks", "dairy/cheese").lists().getLast()))
                .containsExactlyInAnyOrder("bread", "yogurt");
    }

    @Test
    void settings_changeTheirOwnListOnly() throws Exception {
        Prediction plain = ask(history());
        Prediction lately = askWith("exclude_bought_within: 5d");
        assertThat(ids(lately.lists().getFirst())).containsExactly("beer", "soap");
        assertThat(ids(lately.lists().getLast())).isEqualTo(ids(plain.lists().getLast()));

        Prediction boosted = askWith("boost: {category: home, by: 1000}");
        assertThat(ids(boosted.lists().getFirst()).getFirst()).isEqualTo("soap");
    }

    @Test
    void settings_boughtWithin_comesBackOnTime() throws Exception {
        // Milk was bought three days ago, so it comes back in two minutes.
        Prediction prediction = askWith("exclude_bought_within: 4322m");
        assertThat(ids(prediction.lists().getFirst())).doesNotContain("milk");
        assertThat(prediction.validUntil()).isEqualTo(NOW + 120_000);
    }

    @Test
    void settings_mostPerCategory_limitsEach() throws Exception {
        folder.put(
                "model.yaml",
                RankedFolder.MANIFEST.replace(
                        "name: discover, kind: items,",
                        "name: discover, kind: items, most_per_category: {level: 1, most: 1},"));
        folder.seal();
        List<Item> items = ask(history()).lists().getLast().items();
        assertThat(items)
                .hasSize(3)
                .extracting(item -> item.category().replaceAll("/.*", ""))
                .doesNotHaveDuplicates();
    }

    @Test
    void check_goldenExamples_coverListsBeforeAndAfterSettings() throws Exception {
        StringBuilder raw = new StringBuilder();
        expected("items")
                .forEach((item, score) ->
                        raw.append(raw.isEmpty() ? "" : ",").append("[\"" + item + "\"," + score + "]"));
        String scores = raw.substring(raw.indexOf("],") + 2);
        String events = String.join(
                ",",
                line("milk", "2026-05-22", "o-1"),
                line("beer", "2026-05-22", "o-1"),
                line("milk", "2026-05-29", "o-2"),
                line("soap", "2026-04-22", "o-0"));
        assertThat(expected("items").keySet()).first().isEqualTo("milk");
        String example = "{\"customer_id\":\"made-up\",\"at\":\"2026-06-01T12:00:00Z\",\"events\":[" + events + "]"
                + ",\"features\":{\"orders\":3},\"raw\":{\"items\":[" + raw + "]},\"scores\":{\"items\":[" + scores
                + "]}}\n";
        folder.put("model.yaml", RankedFolder.MANIFEST.replace("top: 3,", "top: 3, exclude_bought_within: 5d,"));
        folder.put("golden.ndjson", example);
        folder.put("sample.ndjson", example);
        folder.seal();
        assertThat(problems()).isEmpty();

        folder.put("golden.ndjson", example.replace("[[\"milk\",", "[[\"milk\",1"));
        folder.seal();
        assertThat(problems())
                .anySatisfy(text ->
                        assertThat(text).startsWith("next/1/golden.ndjson:1: 'items', place 1: expected milk with 1"));
    }

    private static String line(String product, String day, String order) {
        return "{\"type\":\"purchase\",\"time\":\"" + day + "T12:00:00Z\",\"product_id\":\"" + product
                + "\",\"order_id\":\"" + order + "\"}";
    }

    private List<String> problems() {
        Gate.Result result = new Gate(ScorerSettings.DEFAULT, ScorerLoader.runtimes()).check(models.resolve("next/1"));
        if (result.version() != null) {
            result.version().close();
        }
        return result.report().problems().stream().map(Problem::toString).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "runtime: xgboost ~ runtime: onnx ~ pairs are ranked by an XGBoost model",
                "list: items ~ list: itemz ~ no list of candidates 'items'; did you mean 'itemz'?",
                "name: discover, ~ name: more, ~ no list of candidates 'more'",
                "fact: popularity} ~ fact: popular} ~ no column of facts 'popular'; known: [popularity]",
                "times, orders, ~ time, orders, ~ no feature 'time'; did you mean 'times'?",
                "kind: days_since ~ kind: days ~ expected one of [times_bought,",
                "bought: only ~ bought: once ~ expected one of [any, only, never], found 'once'",
                "limit: 200 ~ limit: 20000 ~ expected a whole number from 1 to 2000",
                "from: history, most: 200 ~ from: neighbours, most: 200 ~ the list names no file of 'neighbours'",
                "field: product_id ~ field: product ~ no field 'product'; known: [product_id, category]",
                "field: product_id ~ field: category ~ 'level' is missing",
                "vocabulary: items.txt ~ vocabulary: item.txt ~ item.txt",
                "{name: times, kind: times_bought} ~ {name: orders, kind: times_bought} ~ is one of the customer already",
                "{name: times, kind ~ {name: item, kind ~ no feature may be called 'item', which names a pair",
                "kind: similarity} ~ kind: decayed_count} ~ 'half_life' is missing",
                "kind: similarity} ~ kind: similarity, level: 2} ~ no key 'level'",
                "kind: items, top: 3, fallback: [milk ~ kind: probability, fallback: [milk ~ the kind 'items' only",
                "top: 3, ~ top: 3, exclude: [bakery], ~ 'bread' is left out by 'exclude'",
                "top: 3, ~ top: 3, boost: {category: home, by: 0}, ~ by a positive number",
                "top: 3, ~ top: 3, most_per_category: {level: 0, most: 1}, ~ from 1 to 50",
                "top: 3, ~ top: 3, vocabulary: items.txt, ~ no key 'vocabulary'",
                "popularity, similar, discover] ~ popularity, similar] ~ trained on 6 features, the manifest's input has 5",
            })
    void check_manifestThatDoesNotFit_isRefused(String part, String spoilt, String reason) throws Exception {
        assertThat(RankedFolder.MANIFEST).contains(part);
        folder.put("model.yaml", RankedFolder.MANIFEST.replace(part, spoilt));
        folder.seal();
        assertThat(problems()).anySatisfy(text -> assertThat(text).contains(reason));
    }

    @ParameterizedTest
    @ValueSource(strings = {"candidates", "pairs"})
    void check_oneSectionWithoutTheOther_isRefused(String section) throws Exception {
        int from = RankedFolder.MANIFEST.indexOf("\n" + section + ":") + 1;
        int to = RankedFolder.MANIFEST.indexOf(section.equals("pairs") ? "outputs:" : "pairs:\n", from);
        folder.put("model.yaml", RankedFolder.MANIFEST.substring(0, from) + RankedFolder.MANIFEST.substring(to));
        folder.seal();
        assertThat(problems()).anySatisfy(text -> assertThat(text).contains("'" + section + "' is missing"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "facts.tsv ~ popularity ~ 'facts.tsv' has lines for 0 items, but the vocabulary has 8",
                "facts.tsv ~ popularity|1|2|x|4|5|6|7|8 ~ next/1/facts.tsv:4:1: 'x' is no number",
                "facts.tsv ~ popularity|1|2|3|4|5|6|7|8,9 ~ next/1/facts.tsv:9:1: expected 1 number, found 2",
                "facts.tsv ~ popularity,popularity|1,1|1,1|1,1|1,1|1,1|1,1|1,1|1,1 ~ the column 'popularity' is there twice",
                "neighbours.txt ~ 2:1|3:1 ~ 'neighbours.txt' has lines for 2 items, but the vocabulary has 8",
                "neighbours.txt ~ 9:1|||||||| ~ next/1/neighbours.txt:1:1: '9:1' is no 'place:similarity'",
                "neighbours.txt ~ 2:x|||||||| ~ '2:x' is no 'place:similarity'",
                "neighbours.txt ~ 2|||||||| ~ '2' is no 'place:similarity'",
                "items.txt ~ milk|milk ~ 'milk' is given twice",
            })
    void check_itemFileThatDoesNotFit_isRefused(String file, String content, String reason) throws Exception {
        folder.put(file, content.replace('|', '\n').replace(',', '\t'));
        folder.seal();
        assertThat(problems()).anySatisfy(text -> assertThat(text).contains(reason));
    }
}
