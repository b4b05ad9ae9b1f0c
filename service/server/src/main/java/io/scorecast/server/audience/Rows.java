package io.scorecast.server.audience;

import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.scorer.Scorer;

/** Writes predictions as the rows of a file; owned by one thread. */
interface Rows {

    /** Appends a row. */
    void row(Prediction prediction, Bytes out);

    /** Appends a row that clears what a tool holds of a customer. */
    void cleared(Prediction prediction, Bytes out);

    /** What stands before the first row of each part. */
    byte[] header();

    /** For one thread. */
    static Rows of(Layout layout, Scorer scorer) {
        return switch (layout.format()) {
            case CSV, PARQUET -> new CsvRows(layout);
            case NDJSON -> new JsonRows(layout, scorer);
        };
    }
}
