package io.scorecast.server.ingest.file;

import io.scorecast.engine.event.ArrivalRule;
import io.scorecast.engine.event.EventSink;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file of events: NDJSON, a JSON array, CSV or Parquet, gzipped or not. What it is, is seen from its first bytes and,
 * where those could be either of two, from its name. Read once, by one thread; {@link #position} may be asked by another.
 */
public final class EventFile {

    private static final byte[] PARQUET = {'P', 'A', 'R', '1'};
    private static final int LOOK_AHEAD = 4096;

    private final Path path;
    private final Format format;
    private final TableShape shape;
    private final long size;
    private volatile long position;

    private EventFile(Path path, Format format, TableShape shape, long size) {
        this.path = path;
        this.format = format;
        this.shape = shape;
        this.size = size;
    }

    /**
     * Looks at a file.
     *
     * @throws EventFileException if there is no such file, or it cannot be read
     */
    public static EventFile open(Path path) throws IOException {
        return open(path, TableShape.PLAIN);
    }

    /**
     * The same with columns of other names, or one row a customer.
     *
     * @throws EventFileException if that cannot be, too
     */
    public static EventFile open(Path path, TableShape shape) throws IOException {
        if (!Files.exists(path)) {
            throw new EventFileException(path + ": no such file");
        }
        if (!Files.isRegularFile(path)) {
            throw new EventFileException(path + ": is no file");
        }
        try (InputStream raw = Files.newInputStream(path);
                InputStream in = unzipped(raw)) {
            Format format = detect(path, in.readNBytes(LOOK_AHEAD));
            if (!shape.isPlain() && format != Format.CSV && format != Format.PARQUET) {
                throw new EventFileException(path + ": is JSON; columns are mapped in tables, CSV or Parquet");
            }
            return new EventFile(path, format, shape, Files.size(path));
        } catch (EventFileException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new EventFileException(path + ": no such file", e);
        } catch (IOException e) {
            throw new EventFileException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static Format detect(Path path, byte[] start) {
        if (start.length >= 4 && Arrays.equals(start, 0, 4, PARQUET, 0, 4)) {
            return Format.PARQUET;
        }
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv") || name.endsWith(".csv.gz")) {
            return Format.CSV;
        }
        int first = firstVisible(start);
        if (first == '[') {
            return Format.JSON;
        }
        boolean isJson = name.contains(".ndjson") || name.contains(".json");
        return first == '{' || first < 0 || isJson ? Format.NDJSON : Format.CSV;
    }

    /** The first byte that is neither white space nor a byte order mark, -1 if there is none. */
    private static int firstVisible(byte[] start) {
        for (byte b : start) {
            if (b > ' ') {
                return b;
            }
        }
        return -1;
    }

    public Path path() {
        return path;
    }

    /** Bytes of the file. */
    public long size() {
        return size;
    }

    /** Bytes of the file that have been read so far. */
    public long position() {
        return position;
    }

    /** Where the event of an index stands: {@code events.csv: line 4}. */
    public String place(int index) {
        return path + ": " + format.unit + " " + (index + 1L);
    }

    /** What its events stand in: line, row or element. */
    public String unit() {
        return format.unit;
    }

    /**
     * Reads all events. An index given to the sink is the event's line (or row, or element) from 0, as {@link #place}
     * wants it.
     *
     * @param received epoch milliseconds
     * @throws EventFileException if the file cannot be read as events, or not on from some place; the sink may have had
     *     events before it
     */
    public void read(ArrivalRule rule, long received, EventSink sink) throws IOException {
        try {
            if (format == Format.PARQUET) {
                new ParquetEvents(path, shape, rows -> position = (long) (size * rows), ParquetEvents.PATIENCE)
                        .read(rule, received, sink);
                return;
            }
            try (InputStream in = unzipped(new Counted(Files.newInputStream(path)))) {
                if (format == Format.CSV) {
                    new CsvEvents(path, shape).read(in, rule, received, sink);
                } else {
                    new JsonEvents(path, format == Format.JSON).read(in, rule, received, sink);
                }
            }
        } catch (EventFileException e) {
            throw e;
        } catch (ZipException e) {
            throw new EventFileException(path + ": its gzip is broken: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new EventFileException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static InputStream unzipped(InputStream raw) throws IOException {
        PushbackInputStream in = new PushbackInputStream(raw, 2);
        byte[] magic = in.readNBytes(2);
        in.unread(magic);
        boolean isZipped = magic.length == 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
        return isZipped ? new GZIPInputStream(in, 1 << 16) : in;
    }

    private enum Format {
        NDJSON("line"),
        JSON("element"),
        CSV("line"),
        PARQUET("row");

        final String unit;

        Format(String unit) {
            this.unit = unit;
        }
    }

    /** Counts what is read of the file itself, before it is unzipped. */
    private final class Counted extends InputStream {

        private final InputStream in;
        private long count;

        Counted(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            count(b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = in.read(target, offset, length);
            count(Math.max(read, 0));
            return read;
        }

        private void count(int bytes) {
            count += bytes;
            position = count;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
