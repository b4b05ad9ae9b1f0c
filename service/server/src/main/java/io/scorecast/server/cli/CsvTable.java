package io.scorecast.server.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.CsvWriter.CsvWriterRecord;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/** Features as CSV: an empty cell for a missing one, {@code at} as RFC 3339. */
final class CsvTable implements FeatureTable {

    /** Floats up to here that are whole are written without a fraction. */
    private static final float WHOLE = 1 << 24;

    private final CsvWriter writer;
    private final FeatureColumns columns;

    CsvTable(Path file, FeatureColumns columns) throws IOException {
        this.writer = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(file);
        this.columns = columns;
        CsvWriterRecord header = writer.writeRecord().writeField("customer_id").writeField("at");
        columns.columns().forEach(column -> header.writeField(column.name()));
        header.endRecord();
    }

    @Override
    public void write(FeatureRows rows) {
        for (int row = 0; row < rows.count(); row++) {
            CsvWriterRecord record = writer.writeRecord()
                    .writeField(rows.customer(row).value())
                    .writeField(Instant.ofEpochMilli(rows.instant(row)).toString());
            for (FeatureColumns.Column column : columns.columns()) {
                record.writeField(
                        column.isText()
                                ? rows.text(row, column.position())
                                : cell(rows.number(row, column.position())));
            }
            record.endRecord();
        }
    }

    private static String cell(float number) {
        if (Float.isNaN(number)) {
            return "";
        }
        return number == Math.rint(number) && Math.abs(number) <= WHOLE
                ? Integer.toString((int) number)
                : Float.toString(number);
    }

    @Override
    public void finish() throws IOException {
        writer.flush();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
