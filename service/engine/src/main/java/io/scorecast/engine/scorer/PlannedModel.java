package io.scorecast.engine.scorer;

import io.scorecast.engine.feature.FeaturePlan;
import io.scorecast.engine.feature.FeatureReader;
import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.model.BoundOutput;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.model.TensorSpec;
import io.scorecast.engine.pair.PairPlan;
import io.scorecast.engine.pair.PairSet;
import io.scorecast.engine.pair.Pairs;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model version within a feature plan: how a row of its inputs is written. Immutable. */
final class PlannedModel {

    private final ModelVersion version;
    private final List<FeatureReader> inputs = new ArrayList<>();
    private final List<TensorSpec> tensors;
    private final @Nullable PairPlan pairs;
    private final List<ScoreColumn> scores;
    private final List<ListColumn> lists;

    /**
     * Binds a version to a plan.
     *
     * @param firstScore the position of its first score output among all models' score outputs
     * @param firstList the position of its first items output among all models' items outputs
     */
    PlannedModel(ModelVersion version, FeaturePlan plan, int firstScore, int firstList) {
        this.version = version;
        for (FeatureSet input : version.inputs()) {
            inputs.add(plan.reader(input));
        }
        tensors = version.model().signature().inputs();
        List<ScoreColumn> foundScores = new ArrayList<>();
        List<ListColumn> foundLists = new ArrayList<>();
        for (BoundOutput output : version.outputs()) {
            switch (output) {
                case BoundOutput.Score score ->
                    foundScores.add(new ScoreColumn(score, firstScore + foundScores.size()));
                case BoundOutput.Listed items -> foundLists.add(new ListColumn(items, firstList + foundLists.size()));
            }
        }
        PairSet ranked = version.pairs();
        pairs = ranked == null
                ? null
                : new PairPlan(ranked, version.manifest().inputs().getFirst().features(), version.features(), plan);
        scores = List.copyOf(foundScores);
        lists = List.copyOf(foundLists);
    }

    /** A score output and its position in the answer. */
    record ScoreColumn(BoundOutput.Score output, int position) {}

    /** An items output and its position in the answer. */
    record ListColumn(BoundOutput.Listed output, int position) {}

    ModelVersion version() {
        return version;
    }

    String name() {
        return version.name();
    }

    List<ScoreColumn> scores() {
        return scores;
    }

    List<ListColumn> lists() {
        return lists;
    }

    /** How its rows are written if they are pairs; null if they are customers. */
    @Nullable
    PairPlan pairs() {
        return pairs;
    }

    /** Writes one customer's features into a row of every input, or the customer's pairs into rows of the only one. */
    void write(Row customer, int model, ModelBatch batch, int row) {
        Pairs found = customer.pairs[model];
        if (found != null) {
            found.copyTo(batch.floats(0), row * tensors.getFirst().width());
            return;
        }
        FeaturePlan.State features = customer.features();
        for (int i = 0; i < tensors.size(); i++) {
            FeatureReader input = inputs.get(i);
            int offset = row * input.width();
            switch (tensors.get(i).type()) {
                case FLOAT -> input.write(features, batch.floats(i), offset);
                case DOUBLE -> input.write(features, batch.doubles(i), offset);
                case LONG -> input.write(features, batch.longs(i), offset);
                case TEXT ->
                    throw new IllegalStateException("a model's input takes texts"); // Refused when it is opened.
            }
        }
    }
}
