package io.scorecast.server.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** A file of features that is being written. */
interface FeatureTable extends Closeable {

    void write(FeatureRows rows) throws IOException;

    /** Completes the file; a table that is closed without is incomplete. */
    void finish() throws IOException;

    /** Parquet or CSV, as the name says. */
    static FeatureTable create(Path file, boolean isParquet, FeatureColumns columns) throws IOException {
        return isParquet ? new ParquetTable(file, columns) : new CsvTable(file, columns);
    }
}
