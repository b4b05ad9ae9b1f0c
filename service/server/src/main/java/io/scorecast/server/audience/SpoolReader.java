package io.scorecast.server.audience;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a spool from one of its records on; owned by one thread. */
public final class SpoolReader implements Closeable {

    private final DataInputStream in;
    private long offset;
    private long start;
    private int idLength;
    private String id = "";
    private byte[] log = {};

    /**
     * Opens a spool.
     *
     * @param offset where a record begins; 0 for the first
     */
    public SpoolReader(Path spool, long offset) throws IOException {
        InputStream file = Files.newInputStream(spool);
        file.skipNBytes(offset);
        this.in = new DataInputStream(new BufferedInputStream(file, 1 << 16));
        this.offset = offset;
    }

    /** Goes to the next record that was not erased; false at the end. */
    public boolean next() throws IOException {
        boolean found = record();
        while (found && !id.isEmpty() && id.charAt(0) == 0) {
            found = record();
        }
        return found;
    }

    private boolean record() throws IOException {
        start = offset;
        int first = in.read();
        if (first < 0) {
            return false;
        }
        int second = in.read();
        byte[] name = in.readNBytes(first << 8 | second);
        log = in.readNBytes(in.readInt());
        if (second < 0 || name.length != (first << 8 | second)) {
            throw new EOFException("a spool ends within a record");
        }
        idLength = name.length;
        id = new String(name, StandardCharsets.UTF_8);
        offset += 6L + name.length + log.length;
        return true;
    }

    /** The customer's id. */
    public String id() {
        return id;
    }

    /** Empty in a spool of ids alone. */
    public byte[] log() {
        return log;
    }

    /** Where this record begins. */
    long start() {
        return start;
    }

    /** Bytes of the id. */
    int idLength() {
        return idLength;
    }

    /** Where the next record begins. */
    long offset() {
        return offset;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
