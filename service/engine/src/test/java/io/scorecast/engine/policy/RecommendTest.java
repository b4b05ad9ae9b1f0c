package io.scorecast.engine.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.event.Event;
import io.scorecast.engine.prediction.Item;
import io.scorecast.engine.prediction.ItemList;
import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.engine.scorer.Question;
import io.scorecast.engine.scorer.ScoreBatch;
import io.scorecast.engine.scorer.Scorer;
import io.scorecast.engine.scorer.ScorerLoader;
import io.scorecast.engine.scorer.ScorerMetrics;
import io.scorecast.engine.scorer.ScorerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code recommend} from events to the list of the shipped model, through a Scorer. */
class RecommendTest {

    private static final String CHEESE = "grocery/cheese/shredded-cheese";
    private static final String BANANAS = "produce/tropical-fruit/bananas";

    @TempDir
    private Path repository;

    private Prediction ask(String recommend) throws Exception {
        Path shipped = Path.of("../../models/next-product/1");
        Path copy = Files.createDirectories(repository.resolve("next-product/1"));
        try (Stream<Path> files = Files.list(shipped)) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(file.getFileName());
                if (!Files.exists(target)) {
                    Files.copy(file, target);
                }
            }
        }
        Policies.write(repository, "schema: 1\nfeatures: [{name: orders, kind: count, event: purchase}]\n" + recommend);
        ScorerLoader.Loaded loaded = new ScorerLoader(ScorerSettings.DEFAULT, ScorerMetrics.NOOP).load(repository);
        assertThat(loaded.problems()).isEmpty();
        byte[] log = ProfileLog.of(1, history(), Event::time);
        try (Scorer scorer = Objects.requireNonNull(loaded.scorer())) {
            ScoreBatch batch = scorer.newBatch(1);
            batch.clear();
            batch.add(Question.plain("c", Policies.NOW), log, 0, log.length);
            batch.score();
            return batch.prediction(0);
        }
    }

    /** Bananas yesterday, cheese ten days ago. */
    private static List<Event> history() {
        List<Event> events = new ArrayList<>();
        for (String product : List.of(BANANAS, CHEESE)) {
            events.add(Event.builder()
                    .id(product)
                    .customer("c")
                    .type("purchase")
                    .time(Policies.NOW - (product.equals(BANANAS) ? 1 : 10) * Policies.DAY)
                    .product(product)
                    .category(product)
                    .quantity(1)
                    .value(2)
                    .build(Policies.NOW));
        }
        return events;
    }

    private static List<String> ids(ItemList list) {
        return list.items().stream().map(Item::id).toList();
    }

    private static double score(ItemList list, String id) {
        return list.scores().get(ids(list).indexOf(id));
    }

    @Test
    void rules_boostAndLeaveOut() throws Exception {
        ItemList plain = ask("").lists().getFirst();
        assertThat(ids(plain)).contains(BANANAS, CHEESE);

        ItemList same = ask("recommend: [{when: orders > 5, exclude: [grocery, produce]}]\n")
                .lists()
                .getFirst();
        assertThat(same).isEqualTo(plain);

        ItemList boosted = ask("recommend: [{boost: {category: grocery/cheese, by: 1000}}]\n")
                .lists()
                .getFirst();
        assertThat(boosted.items().getFirst().id()).startsWith("grocery/cheese/");
        assertThat(score(boosted, CHEESE) / score(plain, CHEESE)).isBetween(999.9, 1000.1);
        assertThat(score(boosted, BANANAS)).isEqualTo(score(plain, BANANAS));

        ItemList without = ask("recommend: [{exclude: [grocery]}]\n").lists().getFirst();
        assertThat(ids(without)).contains(BANANAS).noneMatch(id -> id.startsWith("grocery/"));

        ItemList mixed = ask("recommend: [{most_per_category: {level: 1, most: 1}}]\n")
                .lists()
                .getFirst();
        assertThat(mixed.items())
                .hasSizeLessThan(plain.size())
                .extracting(item -> item.category().replaceAll("/.*", ""))
                .doesNotHaveDuplicates();
    }

    @Test
    void boughtLately_isLeftOutUntilItIsNot() throws Exception {
        Prediction week = ask("recommend: [{when: orders > 1, exclude_bought_within: 7d}]\n");
        assertThat(ids(week.lists().getFirst())).contains(CHEESE).doesNotContain(BANANAS);

        // The bananas come back in two minutes, sooner than the age limit.
        Prediction day = ask("recommend: [{exclude_bought_within: 1442m}]\n");
        assertThat(ids(day.lists().getFirst())).doesNotContain(BANANAS);
        assertThat(day.validUntil()).isBetween(Policies.NOW + 119_000, Policies.NOW + 120_000);
    }
}
