package io.scorecast.engine.model.forest;

import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.ModelSignature;
import io.scorecast.engine.model.TensorSpec;
import java.util.List;
import java.util.function.Supplier;

/** A booster evaluated by the forest. It holds nothing outside the heap. */
public final class ForestModel implements Model {

    /** The value of {@code engine} in a manifest that asks for this one. */
    public static final String ENGINE = "forest";

    /** How the output is called that XGBoost's {@code predict} returns. */
    public static final String PREDICTION = "prediction";

    /** How the output is called that it returns with {@code output_margin=True}. */
    public static final String MARGIN = "margin";

    private final Forest forest;
    private final Objective objective;
    private final ModelSignature signature;
    private final Supplier<Scratch> newScratch;

    /**
     * Lays a booster out.
     *
     * @param input name of the one input
     * @throws IllegalArgumentException if {@link BoosterFile#uncovered} gives a reason
     */
    public ForestModel(BoosterFile file, String input) {
        Objective named = Objective.named(file.objective);
        if (!file.uncovered().isEmpty() || named == null) {
            throw new IllegalArgumentException(file.uncovered());
        }
        objective = named;
        float[] start = new float[file.groups];
        for (int g = 0; g < start.length; g++) {
            start[g] = objective.margin(file.baseScores[g]);
        }
        forest = new Forest(file.width(), start, file.trees, file.groupOf);
        signature = signature(input, file.width(), objective.keepsWidth() ? file.groups : 1, file.groups);
        newScratch = () -> new Scratch(new int[forest.scratchLength()]);
    }

    /** What every XGBoost model takes and gives: margins go with predictions unless those are classes. */
    public static ModelSignature signature(String input, int width, int predictions, int margins) {
        return new ModelSignature(
                List.of(new TensorSpec(input, TensorSpec.Type.FLOAT, width)),
                List.of(
                        new TensorSpec(PREDICTION, TensorSpec.Type.FLOAT, predictions),
                        new TensorSpec(MARGIN, TensorSpec.Type.FLOAT, margins)),
                predictions == margins ? 1 : -1);
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public String engine() {
        return ENGINE;
    }

    @Override
    public void predict(ModelBatch batch) {
        int rows = batch.rows();
        float[] margins = batch.floatOutput(1);
        forest.margins(batch.floats(0), rows, batch.scratch(Scratch.class, newScratch).numbers, margins);
        objective.predict(margins, rows, forest.groups(), batch.floatOutput(0));
    }

    @Override
    public void close() {}

    /** What one batch works in. */
    private static final class Scratch {

        private final int[] numbers;

        Scratch(int[] numbers) {
            this.numbers = numbers;
        }
    }
}
