package io.scorecast.server.ingest.file;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.scorecast.engine.event.ArrivalRule;
import io.scorecast.engine.event.EventSink;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Events from CSV (RFC 4180, UTF-8) with a header; an empty cell is an absent field. */
final class CsvEvents {

    private final Path path;
    private final TableShape shape;

    CsvEvents(Path path, TableShape shape) {
        this.path = path;
        this.shape = shape;
    }

    void read(InputStream in, ArrivalRule rule, long received, EventSink sink) throws IOException {
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                        .detectBomHeader(true)
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .ofCsvRecord(in, StandardCharsets.UTF_8);
                CloseableIterator<CsvRecord> records = reader.iterator()) {
            if (!records.hasNext()) {
                throw new EventFileException(path + ": is empty; a CSV file begins with a line of column names");
            }
            TableColumns table = EventColumns.of(path.toString(), records.next().getFields(), shape);
            List<EventColumn> columns = table.columns();
            EventRow row = new EventRow(rule, received, sink, table);
            while (records.hasNext()) {
                CsvRecord cells = records.next();
                fill(row.clear(), columns, cells);
                row.send((int) (cells.getStartingLineNumber() - 1));
            }
        } catch (CsvParseException e) {
            throw new EventFileException(path + ": not valid CSV: " + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void fill(EventRow row, List<EventColumn> columns, CsvRecord cells) {
        if (cells.getFieldCount() != columns.size()) {
            row.fault("", "has " + cells.getFieldCount() + " cells where the header has " + columns.size());
            return;
        }
        for (int i = 0; i < columns.size(); i++) {
            String cell = cells.getField(i);
            if (!cell.isEmpty()) {
                row.cell(columns.get(i), cell);
            }
        }
    }
}
