package io.scorecast.server.audience;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** How a part is packed; its name's end tells. */
enum Packing {
    NONE(""),
    GZIP(".gz");

    private static final int BUFFER = 1 << 16;

    private final String suffix;

    Packing(String suffix) {
        this.suffix = suffix;
    }

    String suffix() {
        return suffix;
    }

    static Packing of(Path file) {
        for (Packing packing : values()) {
            if (packing != NONE && file.toString().endsWith(packing.suffix)) {
                return packing;
            }
        }
        return NONE;
    }

    /** A name without the end that tells how the file is packed. */
    static String bare(String name) {
        return name.substring(0, name.length() - of(Path.of(name)).suffix.length());
    }

    OutputStream out(OutputStream file) throws IOException {
        return switch (this) {
            case NONE -> file;
            case GZIP -> new FastGzip(file);
        };
    }

    InputStream in(InputStream file) throws IOException {
        return switch (this) {
            case NONE -> file;
            case GZIP -> new GZIPInputStream(file, BUFFER);
        };
    }

    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, BUFFER);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
