package io.scorecast.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.scorecast.engine.event.EventError;
import io.scorecast.server.ingest.AttributeRule;
import io.scorecast.server.ingest.file.EventFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Lists the rows of event files that were not taken, the first hundred of them, counts all, and writes all to a file. */
final class BadRows implements AutoCloseable {

    private static final int LISTED = 100;
    private static final JsonFactory JSON = new JsonFactory();

    private final PrintWriter err;
    private final @Nullable JsonGenerator all;
    private long count;
    private long left;

    private BadRows(PrintWriter err, @Nullable JsonGenerator all) {
        this.err = err;
        this.all = all;
    }

    /**
     * Begins a list.
     *
     * @param file for all of them, an object of JSON a line; null for none
     */
    static BadRows open(PrintWriter err, @Nullable Path file) throws IOException {
        if (file == null) {
            return new BadRows(err, null);
        }
        JsonGenerator json = JSON.createGenerator(Files.newBufferedWriter(file, StandardCharsets.UTF_8));
        return new BadRows(err, json.setRootValueSeparator(new com.fasterxml.jackson.core.io.SerializedString("")));
    }

    void add(EventFile file, EventError error) {
        if (all != null) {
            write(all, file, error);
        }
        if (count++ < LISTED) {
            String field =
                    error.field().isEmpty() || error.detail().contains(error.field()) ? "" : error.field() + ": ";
            err.println(file.place(error.index()) + ": " + field + error.detail());
        }
    }

    /** An attribute of a row that was taken without it. */
    void left(EventFiles.Row row, String path) {
        if (left++ < LISTED) {
            err.println(row.file().place(row.index()) + ": "
                    + AttributeRule.warning(row.index(), path).detail());
        }
    }

    private static void write(JsonGenerator json, EventFile file, EventError error) {
        try {
            json.writeStartObject();
            json.writeStringField("file", file.path().toString());
            json.writeNumberField(file.unit(), error.index() + 1L);
            json.writeStringField("field", error.field());
            json.writeStringField("detail", error.detail());
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long count() {
        return count;
    }

    /** Says how many there were, if there were any. */
    void summarise(String command) {
        if (left > 0) {
            String more = left > LISTED ? " (the first " + LISTED + " are listed)" : "";
            err.println(
                    command + ": " + left + (left == 1 ? " attribute was" : " attributes were") + " left out" + more);
        }
        if (count > 0) {
            String more = count > LISTED ? " (the first " + LISTED + " are listed)" : "";
            err.println(command + ": " + count + (count == 1 ? " row was" : " rows were") + " not taken" + more);
        }
    }

    @Override
    public void close() throws IOException {
        if (all != null) {
            all.close();
        }
    }
}
