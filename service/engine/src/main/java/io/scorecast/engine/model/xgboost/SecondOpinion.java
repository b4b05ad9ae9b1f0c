package io.scorecast.engine.model.xgboost;

import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.Pace;
import io.scorecast.engine.model.forest.BoosterFile;
import io.scorecast.engine.model.forest.RandomRows;
import io.scorecast.engine.problem.Problems;

/** Compares two engines on rows that try the splits. */
final class SecondOpinion {

    /** Sums in single precision may round apart this far in many trees; a split taken wrongly is seen well above it. */
    static final double TOLERANCE = 1e-5;

    private static final int MARGIN = 1;
    private static final int BATCH = 16;

    private SecondOpinion() {}

    /** Reports how many rows differ, and by how much at most. */
    static String compare(
            Model ours,
            Model theirs,
            BoosterFile file,
            int rows,
            long seed,
            Pace pace,
            String source,
            Problems problems) {
        if (!ours.signature().outputs().equals(theirs.signature().outputs())) {
            problems.add(
                    source,
                    ours.engine() + " has the outputs " + ours.signature().outputs() + ", " + theirs.engine() + " "
                            + theirs.signature().outputs());
            return "the outputs differ";
        }
        float[] numbers = RandomRows.of(file, rows, seed);
        ModelBatch mine = new ModelBatch(ours.signature(), BATCH);
        ModelBatch other = new ModelBatch(theirs.signature(), BATCH);
        int width = file.width();
        int different = 0;
        double greatest = 0;
        for (int first = 0; first < rows; first += BATCH) {
            int count = Math.min(BATCH, rows - first);
            for (ModelBatch batch : new ModelBatch[] {mine, other}) {
                batch.begin(count);
                System.arraycopy(numbers, first * width, batch.floats(0), 0, count * width);
            }
            ours.predict(mine);
            theirs.predict(other);
            for (int r = 0; r < count; r++) {
                double distance = distance(mine, other, r);
                different += distance > TOLERANCE ? 1 : 0;
                greatest = Math.max(greatest, distance);
            }
            pace.pause();
        }
        if (different > 0) {
            problems.add(
                    source,
                    ours.engine() + " and " + theirs.engine() + " disagree on " + different + " of " + rows
                            + " random rows, by up to " + (float) greatest + " (allowed: " + TOLERANCE
                            + "); the file was written by XGBoost " + file.version());
        }
        return rows + " random rows, at most " + (float) greatest + " apart";
    }

    /** The greatest distance of a row's margins and predictions, relative where they are above one. */
    private static double distance(ModelBatch mine, ModelBatch other, int row) {
        // Classes have no distance; their margins have.
        int first = mine.signature().margin() == MARGIN ? 0 : MARGIN;
        double greatest = 0;
        for (int output = first; output <= MARGIN; output++) {
            int width = mine.signature().outputs().get(output).width();
            double scale = 1;
            double apart = 0;
            for (int c = 0; c < width; c++) {
                double number = other.number(output, row, c);
                scale = Math.max(scale, Math.abs(number));
                apart = Math.max(apart, Math.abs(mine.number(output, row, c) - number));
            }
            greatest = Math.max(greatest, apart / scale);
        }
        return greatest;
    }
}
