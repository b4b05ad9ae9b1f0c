package io.scorecast.engine.scorer;

import io.scorecast.engine.model.BoundOutput;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.Recommendation;
import io.scorecast.engine.pair.PairPlan;
import io.scorecast.engine.pair.Pairs;
import io.scorecast.engine.policy.PolicyResult;
import io.scorecast.engine.prediction.ItemCatalogue;
import io.scorecast.engine.prediction.ItemList;
import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.prediction.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scores customers together: {@link #clear}, {@link #add} each, {@link #score}, then read the {@link #prediction}s. Owned
 * by one thread and reused; keeps scratch space for as many rows as it ever had.
 */
public final class ScoreBatch {

    private static final double MILLIS_PER_DAY = 86_400_000;

    private final Scorer scorer;
    private final ScorerMetrics metrics;
    private final boolean consentRequired;
    private final long longestMillis;
    private final List<ModelBatch> models = new ArrayList<>();
    private final List<PairPlan.@Nullable State> pairs = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private final List<Row> scored = new ArrayList<>();
    private int size;
    private long featureNanos;

    /**
     * @param longest how long an answer may be served if nothing else ends it
     */
    ScoreBatch(Scorer scorer, ScorerMetrics metrics, int capacity, boolean consentRequired, Duration longest) {
        this.scorer = scorer;
        this.metrics = metrics;
        this.consentRequired = consentRequired;
        this.longestMillis = longest.toMillis();
        for (PlannedModel model : scorer.planned()) {
            models.add(model.version().newBatch(capacity));
            pairs.add(model.pairs() == null ? null : model.pairs().newState());
        }
    }

    /** Forgets the customers of the last batch. */
    public void clear() {
        size = 0;
        featureNanos = 0;
        scored.clear();
    }

    /** The number of customers added. */
    public int size() {
        return size;
    }

    /**
     * Takes a customer's log and computes the features.
     *
     * @return the customer's row
     */
    public int add(Question question, byte[] log, int offset, int length) {
        long start = System.nanoTime();
        if (size == rows.size()) {
            rows.add(scorer.newRow());
        }
        Row row = rows.get(size);
        row.begin(scorer.plan(), question, log, offset, length, consentRequired);
        if (row.reason() == null) {
            pair(row);
            scored.add(row);
        }
        metrics.decoded(row.profile());
        featureNanos += System.nanoTime() - start;
        return size++;
    }

    private void pair(Row row) {
        for (int m = 0; m < pairs.size(); m++) {
            PairPlan.State state = pairs.get(m);
            Pairs found = row.pairs[m];
            if (state != null && found != null) {
                state.compute(row.profile(), row.features(), found);
            }
        }
    }

    /** Asks the models and the rules about all customers added. */
    public void score() {
        metrics.stage(ScorerMetrics.Stage.FEATURES, size, featureNanos);
        long start = System.nanoTime();
        for (int m = 0; m < models.size(); m++) {
            ask(m);
        }
        long asked = System.nanoTime();
        metrics.stage(ScorerMetrics.Stage.MODELS, scored.size(), asked - start);
        Scorer.PlannedPolicy policy = scorer.plannedPolicy();
        if (policy != null) {
            for (Row row : scored) {
                policy.evaluate(row);
            }
        }
        metrics.stage(ScorerMetrics.Stage.POLICY, scored.size(), System.nanoTime() - asked);
    }

    private void ask(int index) {
        ModelBatch batch = models.get(index);
        if (scored.isEmpty()) {
            return;
        }
        if (predict(index, batch, scored, scored.size() == 1)) {
            int from = 0;
            for (Row row : scored) {
                read(index, batch, from, row);
                from += rowsOf(index, row);
            }
        } else if (scored.size() == 1) {
            fail(index, scored.getFirst());
        } else {
            // One bad row must not take the others' scores: each once more, alone.
            for (Row row : scored) {
                if (predict(index, batch, List.of(row), true)) {
                    read(index, batch, 0, row);
                } else {
                    fail(index, row);
                }
            }
        }
    }

    /** How many rows a model has of a customer: one, or one for each pair. */
    private static int rowsOf(int model, Row row) {
        Pairs found = row.pairs[model];
        return found == null ? 1 : found.size();
    }

    private boolean predict(int index, ModelBatch batch, List<Row> customers, boolean last) {
        PlannedModel model = scorer.planned().get(index);
        try {
            int count = 0;
            for (Row row : customers) {
                count += rowsOf(index, row);
            }
            batch.begin(count);
            int from = 0;
            for (Row row : customers) {
                model.write(row, index, batch, from);
                from += rowsOf(index, row);
            }
            if (count > 0) {
                model.version().model().predict(batch);
            }
            return true;
        } catch (RuntimeException e) {
            if (last) {
                metrics.modelFailed(model.name(), customers.size(), e);
            }
            return false;
        }
    }

    /** Takes over one row of a model's outputs; a number that is not finite is a failure of the model. */
    private void read(int index, ModelBatch batch, int from, Row row) {
        PlannedModel model = scorer.planned().get(index);
        for (PlannedModel.ScoreColumn score : model.scores()) {
            double published = score.output().published(batch, from);
            if (Double.isNaN(published)) {
                fail(index, row);
                return;
            }
            put(row, score, published);
        }
        for (PlannedModel.ListColumn list : model.lists()) {
            switch (list.output()) {
                case BoundOutput.Items items -> row.lists[list.position()] = ItemRanking.read(items, batch, from);
                case BoundOutput.Ranked output -> {
                    if (!rank(output, list.position(), row, row.pairs[index], batch, from)) {
                        fail(index, row);
                        return;
                    }
                }
            }
        }
    }

    private static boolean rank(
            BoundOutput.Ranked output, int position, Row row, @Nullable Pairs found, ModelBatch batch, int from) {
        RankedList ranked = row.ranked[position];
        if (ranked == null) {
            ranked = new RankedList(output);
            row.ranked[position] = ranked;
        }
        if (found == null || !ranked.rank(found, batch, from)) {
            return false;
        }
        row.lists[position] = ranked.best(ranked.top());
        return true;
    }

    private void fail(int index, Row row) {
        PlannedModel model = scorer.planned().get(index);
        row.degraded[index] = true;
        for (PlannedModel.ScoreColumn score : model.scores()) {
            put(row, score, score.output().spec().fallback());
        }
        for (PlannedModel.ListColumn list : model.lists()) {
            row.lists[list.position()] = ItemRanking.popular(list.output().spec());
        }
    }

    private static void put(Row row, PlannedModel.ScoreColumn column, double published) {
        int position = column.position();
        row.scores[position] = published;
        row.bands[position] = column.output().spec().bands().of(published);
        row.percentiles[position] = column.output().spec().percentiles().of(published);
    }

    /** What a customer gets, after {@link #score}, in a shop without a catalogue. */
    public Prediction prediction(int index) {
        return prediction(index, ItemCatalogue.NONE);
    }

    /** What a customer gets, after {@link #score}. */
    public Prediction prediction(int index, ItemCatalogue catalogue) {
        Row row = rows.get(index);
        Question question = row.question();
        Reason reason = row.reason();
        if (reason != null) {
            long until = Math.min(
                    oldest(question), Math.max(question.at() + 1, row.profile().nextEventTime()));
            return scorer.fallback(question, reason, row.events(), catalogue, until);
        }
        List<Prediction.Score> scores = new ArrayList<>(row.scores.length);
        for (int i = 0; i < row.scores.length; i++) {
            scores.add(new Prediction.Score(row.scores[i], row.bands[i], row.percentiles[i]));
        }
        List<String> degraded = new ArrayList<>();
        for (int m = 0; m < row.degraded.length; m++) {
            if (row.degraded[m]) {
                degraded.add(scorer.planned().get(m).name());
            }
        }
        PolicyResult rules = row.rules();
        List<ItemList> lists = new ArrayList<>(row.lists.length);
        for (int i = 0; i < row.lists.length; i++) {
            lists.add(list(row, i, rules == null ? List.of() : rules.recommendations(), catalogue));
        }
        return new Prediction(
                scorer.schema(),
                question.customer(),
                null,
                question.at(),
                row.events(),
                scores,
                lists,
                scorer.points(rules),
                rules == null ? List.of() : rules.segments(),
                rules == null ? null : rules.segment(),
                rules == null ? null : rules.decision(),
                scorer.responses(rules),
                degraded,
                validUntil(row));
    }

    private long oldest(Question question) {
        return question.at() + longestMillis;
    }

    /** A list as it is shown: first what the shop says, for rules and exclusions go by its categories. */
    private ItemList list(Row row, int list, List<Recommendation> ofPolicy, ItemCatalogue catalogue) {
        Scorer.PlannedList planned = scorer.plannedLists().get(list);
        List<Recommendation> rules = ofPolicy;
        if (!planned.settings().isNone()) {
            rules = new ArrayList<>(ofPolicy.size() + 1);
            rules.add(planned.settings());
            rules.addAll(ofPolicy);
        }
        List<String> exclude = row.question().exclude();
        RankedList ranked = row.ranked[list];
        ItemList found = catalogue.apply(row.lists[list]);
        boolean changes = !exclude.isEmpty() || !rules.isEmpty() || found.size() < row.lists[list].size();
        if (ranked == null || row.degraded[planned.model()] || !changes) {
            return ItemRanking.rank(found, exclude, rules, row.profile());
        }
        // Some of the first candidates may go, so that others come forward.
        ItemList all = catalogue.apply(ranked.best(Integer.MAX_VALUE));
        return ItemRanking.rank(all, exclude, rules, row.profile()).first(ranked.top());
    }

    /** The first instant at which time alone may make the answer another one; later than the question's. */
    private long validUntil(Row row) {
        Question question = row.question();
        long until = Math.min(oldest(question), row.profile().nextEventTime());
        until = Math.min(until, row.features().validUntil());
        for (Scorer.PlannedList list : scorer.plannedLists()) {
            until = Math.min(
                    until,
                    ItemRanking.boughtUntil(row.profile(), list.settings().excludeBoughtWithin()));
        }
        PolicyResult rules = row.rules();
        if (rules != null) {
            double turn = Math.floor(rules.turnsIn() * MILLIS_PER_DAY);
            if (turn < until - question.at()) {
                until = question.at() + (long) turn;
            }
        }
        return Math.max(until, question.at() + 1);
    }

    /** A customer's scratch space, for whoever checks a version. */
    Row row(int index) {
        return rows.get(index);
    }

    /** A model's last batch, for whoever checks a version: customers who were not scored have no row in it. */
    ModelBatch batch(int model) {
        return models.get(model);
    }
}
