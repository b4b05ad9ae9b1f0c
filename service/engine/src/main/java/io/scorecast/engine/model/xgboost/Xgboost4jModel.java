package io.scorecast.engine.model.xgboost;

import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.ModelSignature;
import io.scorecast.engine.model.UseCount;
import io.scorecast.engine.model.forest.ForestModel;
import java.util.Arrays;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.Booster.PredictionType;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** A booster evaluated by XGBoost's native library, on the caller's thread. */
final class Xgboost4jModel implements Model {

    static final String ENGINE = "xgboost4j";

    private final Booster booster;
    private final boolean linear;
    private final int width;
    /** First round and the one after the last; zeros for all. */
    private final int[] rounds;

    private final ModelSignature signature;
    private final UseCount uses;

    private Xgboost4jModel(Booster booster, boolean linear, int width, int rounds, String input) throws XGBoostError {
        this.booster = booster;
        this.linear = linear;
        this.width = width;
        this.rounds = new int[] {0, rounds};
        float[] nothing = new float[width];
        Arrays.fill(nothing, Float.NaN);
        this.signature = ForestModel.signature(
                input,
                width,
                run(nothing, 1, PredictionType.kValue)[0].length,
                run(nothing, 1, PredictionType.kMargin)[0].length);
        this.uses = new UseCount(booster::dispose);
    }

    /**
     * Opens a model.
     *
     * @param content of a file, JSON or UBJSON
     * @param linear whether it is a linear booster, which the library evaluates in another way
     * @param rounds how many boosting rounds count, 0 for all
     * @param input name of the one input
     */
    static Xgboost4jModel open(byte[] content, boolean linear, int width, int rounds, String input)
            throws XGBoostError, java.io.IOException {
        Booster booster = XGBoost.loadModel(content);
        try {
            booster.setParam("nthread", 1);
            return new Xgboost4jModel(booster, linear, width, rounds, input);
        } catch (XGBoostError e) {
            booster.dispose();
            throw e;
        }
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
        if (rows == 0) {
            return;
        }
        uses.begin();
        try {
            float[] numbers = Arrays.copyOf(batch.floats(0), rows * width);
            copy(run(numbers, rows, PredictionType.kValue), batch.floatOutput(0));
            copy(run(numbers, rows, PredictionType.kMargin), batch.floatOutput(1));
        } catch (XGBoostError e) {
            throw new IllegalStateException("XGBoost4J failed: " + e.getMessage(), e);
        } finally {
            uses.end();
        }
    }

    private static void copy(float[][] from, float[] to) {
        int at = 0;
        for (float[] row : from) {
            System.arraycopy(row, 0, to, at, row.length);
            at += row.length;
        }
    }

    private float[][] run(float[] numbers, int rows, PredictionType type) throws XGBoostError {
        if (!linear) {
            return booster.inplace_predict(numbers, rows, width, Float.NaN, rounds, type, null);
        }
        DMatrix matrix = new DMatrix(numbers, rows, width, Float.NaN);
        try {
            return booster.predict(matrix, type == PredictionType.kMargin);
        } finally {
            matrix.dispose();
        }
    }

    @Override
    public void close() {
        uses.close();
    }
}
