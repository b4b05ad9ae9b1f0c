package io.scorecast.server.ingest.file;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ColumnReaders;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.ColumnSchema;
import io.scorecast.engine.event.ArrivalRule;
import io.scorecast.engine.event.EventSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;

/** Events from Parquet, a batch of columns at a time; null is an absent field. */
final class ParquetEvents {

    /** A batch takes milliseconds. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int BATCH = 16_384;

    private final Path path;
    private final TableShape shape;
    private final DoubleConsumer progress;
    private final Duration patience;

    /**
     * @param progress told the share of the rows that were read, after each batch
     * @param patience how long to wait for a batch
     */
    ParquetEvents(Path path, TableShape shape, DoubleConsumer progress, Duration patience) {
        this.path = path;
        this.shape = shape;
        this.progress = progress;
        this.patience = patience;
    }

    void read(ArrivalRule rule, long received, EventSink sink) throws IOException {
        try (Watchdog watchdog = new Watchdog(patience)) {
            read(rule, received, sink, watchdog);
        }
    }

    private void read(ArrivalRule rule, long received, EventSink sink, Watchdog watchdog) throws IOException {
        try (ParquetFileReader file = ParquetFileReader.open(InputFile.of(path))) {
            List<ColumnSchema> schema = file.getFileSchema().getColumns();
            List<String> names = new ArrayList<>();
            for (ColumnSchema column : schema) {
                names.add(column.fieldPath().toString());
            }
            TableColumns table = EventColumns.of(path.toString(), names, shape);
            List<EventColumn> columns = table.columns();
            List<ParquetCells> cells = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                cells.add(ParquetCells.of(path, columns.get(i), schema.get(i)));
            }
            read(file, cells, new EventRow(rule, received, sink, table), watchdog);
        } catch (EventFileException e) {
            throw e;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (NoClassDefFoundError e) {
            throw new EventFileException(path + ": is compressed in a way that this build cannot read", e);
        } catch (RuntimeException e) {
            // The reader throws many kinds for files that are cut off or garbled.
            String fault = watchdog.hasBitten() ? "reading it comes to no end" : e.getMessage();
            throw new EventFileException(path + ": not valid Parquet: " + fault, e);
        }
    }

    private void read(ParquetFileReader file, List<ParquetCells> columns, EventRow row, Watchdog watchdog) {
        long total = Math.max(1, file.getFileMetaData().numRows());
        int index = 0;
        try (ColumnReaders readers =
                file.buildColumnReaders(ColumnProjection.all()).batchSize(BATCH).build()) {
            while (readers.nextBatch()) {
                int count = readers.getRecordCount();
                for (int i = 0; i < columns.size(); i++) {
                    columns.get(i).take(readers.getColumnReader(i));
                }
                for (int i = 0; i < count; i++) {
                    row.clear();
                    for (ParquetCells column : columns) {
                        column.put(row, i);
                    }
                    row.send(index++);
                }
                watchdog.step();
                progress.accept((double) index / total);
            }
        }
    }
}
