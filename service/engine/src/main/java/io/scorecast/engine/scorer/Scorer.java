package io.scorecast.engine.scorer;

import io.scorecast.engine.feature.FeaturePlan;
import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.model.BoundOutput;
import io.scorecast.engine.model.ItemsOutput;
import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.model.Recommendation;
import io.scorecast.engine.model.ScoreOutput;
import io.scorecast.engine.policy.Policy;
import io.scorecast.engine.policy.PolicyPlan;
import io.scorecast.engine.policy.PolicyResult;
import io.scorecast.engine.prediction.ItemCatalogue;
import io.scorecast.engine.prediction.ItemList;
import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.prediction.PredictionJson;
import io.scorecast.engine.prediction.PredictionSchema;
import io.scorecast.engine.prediction.Reason;
import io.scorecast.engine.profile.ProfileDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that answers: one feature plan over all models and the policy, planned once. Immutable and shared by threads,
 * each with its own {@link #newBatch batch}. Keeps its model versions open until {@link #close}, which must come after the
 * last batch that uses it.
 */
public final class Scorer implements AutoCloseable {

    private final List<PlannedModel> planned;
    private final @Nullable PlannedPolicy policy;
    private final FeaturePlan plan;
    private final PredictionSchema schema;
    private final PredictionJson json;
    private final ScorerSettings settings;
    private final ScorerMetrics metrics;
    private final String fingerprint;
    private final List<Prediction.Score> fallbackScores;
    private final List<ItemList> fallbackLists;
    private final List<PlannedList> plannedLists;

    /**
     * Plans models and policy together.
     *
     * @param models with distinct names and outputs, as the loader has checked
     */
    Scorer(List<ModelVersion> models, @Nullable Policy policy, ScorerSettings settings, ScorerMetrics metrics) {
        this.settings = settings;
        this.metrics = metrics;
        List<FeatureSet> sets = new ArrayList<>();
        for (ModelVersion model : models) {
            sets.add(model.features());
        }
        if (policy != null) {
            sets.add(policy.features());
        }
        plan = FeaturePlan.of(sets);
        List<PlannedModel> bound = new ArrayList<>();
        List<Prediction.Score> scores = new ArrayList<>();
        List<ItemList> lists = new ArrayList<>();
        List<PlannedList> places = new ArrayList<>();
        for (ModelVersion model : models) {
            PlannedModel next = new PlannedModel(model, plan, scores.size(), lists.size());
            for (PlannedModel.ScoreColumn score : next.scores()) {
                ScoreOutput spec = score.output().spec();
                double value = spec.fallback();
                scores.add(new Prediction.Score(
                        value, spec.bands().of(value), spec.percentiles().of(value)));
            }
            for (PlannedModel.ListColumn list : next.lists()) {
                lists.add(ItemRanking.popular(list.output().spec()));
                places.add(new PlannedList(bound.size(), list.output().spec().settings()));
            }
            bound.add(next);
        }
        planned = List.copyOf(bound);
        fallbackScores = List.copyOf(scores);
        fallbackLists = List.copyOf(lists);
        plannedLists = List.copyOf(places);
        this.policy = policy == null ? null : new PlannedPolicy(policy, policy.plan(plan));
        schema = schema(models, policy);
        json = new PredictionJson(schema);
        fingerprint = Fingerprint.of(models, policy, settings);
        models.forEach(ModelVersion::retain);
    }

    private static PredictionSchema schema(List<ModelVersion> models, @Nullable Policy policy) {
        List<PredictionSchema.Score> scores = new ArrayList<>();
        List<PredictionSchema.Items> lists = new ArrayList<>();
        Map<String, Integer> versions = new LinkedHashMap<>();
        for (ModelVersion model : models) {
            versions.put(model.name(), model.version());
            for (BoundOutput output : model.outputs()) {
                switch (output.spec()) {
                    case ScoreOutput score ->
                        scores.add(new PredictionSchema.Score(
                                score.name(),
                                model.name(),
                                score.bands().names(),
                                !score.percentiles().isEmpty()));
                    case ItemsOutput items ->
                        lists.add(new PredictionSchema.Items(items.name(), model.name(), items.top()));
                }
            }
        }
        if (policy != null) {
            versions.put("policy", policy.version());
        }
        return new PredictionSchema(scores, lists, policy == null ? List.of() : policy.points(), versions);
    }

    /** The policy within this Scorer's plan. */
    record PlannedPolicy(Policy policy, PolicyPlan plan) {

        void evaluate(Row row) {
            PolicyResult result = row.rules();
            if (result != null) {
                plan.evaluate(row.profile(), row.features(), row.scores, row.bands, row.percentiles, result);
            }
        }
    }

    /** Room to score customers, for one thread. */
    public ScoreBatch newBatch(int capacity) {
        return newBatch(capacity, settings.ageLimit());
    }

    /**
     * The same for answers that may be served longer or shorter than others.
     *
     * @param longest how long, if neither profile nor time changes them before
     */
    public ScoreBatch newBatch(int capacity, Duration longest) {
        return new ScoreBatch(this, metrics, capacity, settings.consentRequired(), longest);
    }

    /** The same for examples: of customers whom nobody asked for their consent. */
    ScoreBatch newProvingBatch(int capacity) {
        return new ScoreBatch(this, metrics, capacity, false, settings.ageLimit());
    }

    Row newRow() {
        return new Row(
                ProfileDecoder.create(settings.sourcePriority()),
                plan.newState(),
                policy == null ? null : policy.plan().newResult(),
                this);
    }

    /** The answer for a customer who cannot be scored: fallback values, the default decision, popular items. */
    public Prediction fallback(Question question, Reason reason, ItemCatalogue catalogue) {
        return fallback(question, reason, 0, catalogue, question.at());
    }

    Prediction fallback(Question question, Reason reason, int events, ItemCatalogue catalogue, long validUntil) {
        List<ItemList> lists = new ArrayList<>(fallbackLists.size());
        for (ItemList list : fallbackLists) {
            ItemList offered = catalogue.apply(list);
            lists.add(question.exclude().isEmpty() ? offered : ItemRanking.without(offered, question.exclude()));
        }
        return new Prediction(
                schema,
                question.customer(),
                reason,
                question.at(),
                events,
                fallbackScores,
                lists,
                points(null),
                List.of(),
                null,
                policy == null ? null : policy.policy().defaultDecision(),
                Map.of(),
                List.of(),
                validUntil);
    }

    List<Double> points(@Nullable PolicyResult rules) {
        List<Double> points = new ArrayList<>(schema.points().size());
        for (int i = 0; i < schema.points().size(); i++) {
            points.add(rules == null ? 0.0 : rules.points(i));
        }
        return points;
    }

    Map<String, Object> responses(@Nullable PolicyResult rules) {
        if (rules == null || policy == null || policy.policy().responses().isEmpty()) {
            return Map.of();
        }
        Map<String, Object> responses = new LinkedHashMap<>();
        List<String> names = policy.policy().responses();
        for (int i = 0; i < names.size(); i++) {
            Object value = rules.response(i);
            if (value != null) {
                responses.put(names.get(i), value);
            }
        }
        return responses;
    }

    /** The names of the answer's fields. */
    public PredictionSchema schema() {
        return schema;
    }

    /** Writes this Scorer's predictions. */
    public PredictionJson json() {
        return json;
    }

    /** Equal exactly where answers are: covers models, policy, engine version, response format and settings. */
    public String fingerprint() {
        return fingerprint;
    }

    public ScorerSettings settings() {
        return settings;
    }

    /** The plan that all features are computed by. */
    public FeaturePlan plan() {
        return plan;
    }

    /** A list's place among the models, and its settings. */
    record PlannedList(int model, Recommendation settings) {}

    List<PlannedList> plannedLists() {
        return plannedLists;
    }

    List<PlannedModel> planned() {
        return planned;
    }

    @Nullable
    PlannedPolicy plannedPolicy() {
        return policy;
    }

    /** The live model versions. */
    public List<ModelVersion> models() {
        return planned.stream().map(PlannedModel::version).toList();
    }

    /** The live policy; null if the repository has none. */
    public @Nullable Policy policy() {
        return policy == null ? null : policy.policy();
    }

    @Override
    public void close() {
        planned.forEach(model -> model.version().release());
    }
}
