package io.scorecast.engine.model;

/** An opened model: rows of features in, raw outputs out. Safe for use by many threads at once. */
public interface Model extends AutoCloseable {

    /** Scores {@code batch.rows()} rows and fills the batch's outputs. */
    void predict(ModelBatch batch);

    @Override
    void close();
}
