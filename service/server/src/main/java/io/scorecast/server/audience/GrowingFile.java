package io.scorecast.server.audience;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.file.Path;

/** A file that grows with the parts: on the way back from a crash it is cut to where the last whole part left it. */
final class GrowingFile implements AutoCloseable {

    private final RandomAccessFile file;
    private final OutputStream out;
    private long length;

    GrowingFile(Path path, long length) throws IOException {
        this.file = new RandomAccessFile(path.toFile(), "rw");
        file.setLength(length);
        file.seek(length);
        this.length = length;
        this.out = new BufferedOutputStream(Channels.newOutputStream(file.getChannel()), 1 << 16);
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        length += bytes.length;
    }

    long length() {
        return length;
    }

    /** What was written so far survives a crash. */
    void sync() throws IOException {
        out.flush();
        file.getChannel().force(false);
    }

    @Override
    public void close() throws IOException {
        try {
            out.flush();
        } finally {
            file.close();
        }
    }
}
