package io.scorecast.engine.model;

/** An opened model: rows of features in, raw outputs out. Safe for use by many threads at once, each with its own batch. */
public interface Model extends AutoCloseable {

    ModelSignature signature();

    /** The engine that answers, for reports: {@code forest}, {@code xgboost4j}, {@code onnxruntime}. */
    String engine();

    /** Scores {@code batch.rows()} rows and fills the batch's outputs. */
    void predict(ModelBatch batch);

    /** Frees what the model holds outside the heap, once predictions under way have ended. Harmless when repeated. */
    @Override
    void close();
}
