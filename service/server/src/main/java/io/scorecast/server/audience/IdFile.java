package io.scorecast.server.audience;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.event.InvalidEventException;
import io.scorecast.engine.problem.Nearest;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file of customer ids: plain lines, CSV with a header that has {@code customer_id} (or {@code external_id}, {@code id}),
 * NDJSON of strings or objects, Parquet; gzipped or not, with a byte-order mark or not, with either kind of line end. What
 * it is, is seen from its first bytes and its name.
 */
final class IdFile {

    private static final List<String> COLUMNS = List.of("customer_id", "external_id", "customerid", "id");
    private static final int LOOK_AHEAD = 4096;

    private final Path path;

    IdFile(Path path) {
        this.path = path;
    }

    /** Takes what a file holds. */
    interface Sink {
        void id(String id) throws IOException;

        /**
         * A row that is no id.
         *
         * @param text what stands there
         * @param place where in the file
         */
        void bad(String text, String place, String reason) throws IOException;
    }

    /**
     * Reads all rows; empty lines are none.
     *
     * @throws AudienceException if the file as a whole cannot be read as ids
     * @throws IOException if reading fails
     */
    void read(Sink sink) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new AudienceException("customers", path + ": no such file");
        }
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
            byte[] start = raw.readNBytes(LOOK_AHEAD);
            if (start.length >= 4 && new String(start, 0, 4, StandardCharsets.ISO_8859_1).equals("PAR1")) {
                ParquetIds.read(path, COLUMNS, sink, this::take);
                return;
            }
            InputStream whole = new SequenceInputStream(new ByteArrayInputStream(start), raw);
            boolean packed = start.length >= 2 && start[0] == 0x1f && start[1] == (byte) 0x8b;
            try (InputStream in = withoutMark(packed ? new GZIPInputStream(whole, 1 << 16) : whole)) {
                byte[] head = in.readNBytes(LOOK_AHEAD);
                InputStream text = new SequenceInputStream(new ByteArrayInputStream(head), in);
                if (isJson(head, name)) {
                    readLines(text, sink, true);
                } else if (name.contains(".csv") || isCsv(head)) {
                    readCsv(text, sink);
                } else {
                    readLines(text, sink, false);
                }
            }
        } catch (java.util.zip.ZipException | java.io.EOFException e) {
            throw new AudienceException("customers", path + ": its gzip is broken: " + e.getMessage());
        }
    }

    private static InputStream withoutMark(InputStream in) throws IOException {
        byte[] mark = in.readNBytes(3);
        boolean isMark = mark.length == 3 && mark[0] == (byte) 0xef && mark[1] == (byte) 0xbb && mark[2] == (byte) 0xbf;
        return isMark ? in : new SequenceInputStream(new ByteArrayInputStream(mark), in);
    }

    private static boolean isJson(byte[] head, String name) {
        for (byte b : head) {
            if (b > ' ') {
                return b == '{' || (name.contains("json") && (b == '"' || b == '['));
            }
        }
        return false;
    }

    /** Whether the first line names the ids' column. */
    private static boolean isCsv(byte[] head) {
        String text = new String(head, StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        String line = (end < 0 ? text : text.substring(0, end)).strip();
        for (String cell : line.split("[,;\t]", -1)) {
            if (COLUMNS.contains(cell.replace("\"", "").strip().toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }

    private void take(String text, String place, Sink sink) throws IOException {
        String fault;
        try {
            sink.id(CustomerId.of(text).value());
            return;
        } catch (InvalidEventException e) {
            fault = e.detail();
        }
        sink.bad(text, place, fault);
    }

    private String line(long number) {
        return path.getFileName() + ": line " + number;
    }

    private void readLines(InputStream in, Sink sink, boolean json) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
        long number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            String text = line.strip();
            if (text.isEmpty()) {
                continue;
            }
            if (!json) {
                take(text, line(number), sink);
                continue;
            }
            String id = idOf(text);
            if (id == null) {
                sink.bad(text, line(number), "neither a string nor an object with customer_id");
            } else {
                take(id, line(number), sink);
            }
        }
    }

    private static @Nullable String idOf(String json) {
        try (JsonParser parser = EventJson.FACTORY.createParser(json)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.VALUE_STRING || first == JsonToken.VALUE_NUMBER_INT) {
                return parser.getText();
            }
            while (first == JsonToken.START_OBJECT && parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = COLUMNS.contains(parser.currentName());
                JsonToken value = parser.nextToken();
                if (wanted && (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT)) {
                    return parser.getText();
                }
                parser.skipChildren();
            }
            return null;
        } catch (IOException e) {
            return null;
        }
    }

    private void readCsv(InputStream in, Sink sink) throws IOException {
        BufferedInputStream text = new BufferedInputStream(in, 1 << 16);
        text.mark(LOOK_AHEAD);
        String head = new String(text.readNBytes(LOOK_AHEAD), StandardCharsets.UTF_8);
        text.reset();
        String first = head.lines().findFirst().orElse("");
        char separator =
                first.indexOf(',') >= 0 ? ',' : first.indexOf(';') >= 0 ? ';' : first.indexOf('\t') >= 0 ? '\t' : ',';
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                        .fieldSeparator(separator)
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .ofCsvRecord(text, StandardCharsets.UTF_8);
                CloseableIterator<CsvRecord> records = reader.iterator()) {
            if (!records.hasNext()) {
                return;
            }
            CsvRecord header = records.next();
            int column = column(header.getFields());
            if (column < 0) {
                // A lone column without a name that is known: its first line is as much an id as all others.
                column = 0;
                take(header.getField(0).strip(), line(header.getStartingLineNumber()), sink);
            }
            while (records.hasNext()) {
                CsvRecord row = records.next();
                String id = row.getFieldCount() > column ? row.getField(column).strip() : "";
                if (!id.isEmpty()) {
                    take(id, line(row.getStartingLineNumber()), sink);
                } else if (row.getFields().stream().anyMatch(cell -> !cell.isBlank())) {
                    sink.bad("", line(row.getStartingLineNumber()), "there is no id in this row");
                }
            }
        } catch (CsvParseException e) {
            throw new AudienceException("customers", path + ": not valid CSV: " + e.getMessage());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Where the ids stand; -1 in a file of one column whose first line does not say. */
    private int column(List<String> header) {
        for (String wanted : COLUMNS) {
            for (int i = 0; i < header.size(); i++) {
                if (header.get(i).strip().equalsIgnoreCase(wanted)) {
                    return i;
                }
            }
        }
        if (header.size() == 1) {
            return -1;
        }
        throw new AudienceException("customers", path + ": " + Nearest.message("column", "customer_id", header));
    }
}
