package io.scorecast.server.audience;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One part while it is written: beside its place, and there under its name once it is whole. */
final class PartFile implements AutoCloseable {

    private final Path file;
    private final Path partial;
    private final Layout layout;
    private final MessageDigest sha256 = sha256();
    private final OutputStream out;
    private long rows;
    private long text;
    private String first = "";
    private String last = "";

    PartFile(Path folder, int number, Layout layout, byte[] header) throws IOException {
        this.layout = layout;
        file = folder.resolve(String.format(Locale.ROOT, "part-%05d%s", number, layout.suffix()));
        partial = file.resolveSibling(file.getFileName() + ".part");
        OutputStream raw =
                new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(partial), 1 << 18), sha256);
        out = Packing.of(file).out(raw);
        write(header, 0, header.length);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
        text += length;
    }

    /** Whether another row of that length belongs into the next part. */
    boolean isFull(int length) {
        return rows >= layout.rowsPerPart()
                || (layout.bytesPerPart() > 0 && rows > 0 && text + length > layout.bytesPerPart());
    }

    void row(String customer, byte[] bytes, int from, int length) throws IOException {
        write(bytes, from, length);
        first = rows == 0 ? customer : first;
        last = customer;
        rows++;
    }

    /** Puts the part into its place. */
    JobState.Part finish() throws IOException {
        out.close();
        String sum;
        if (layout.format() == Output.Format.PARQUET) {
            Path table = partial.resolveSibling("table.part");
            ParquetPart.convert(partial, table, layout);
            Files.move(table, partial, StandardCopyOption.REPLACE_EXISTING);
            sum = sumOf(partial);
        } else {
            sum = HexFormat.of().formatHex(sha256.digest());
        }
        JobFolder.force(partial);
        long bytes = Files.size(partial);
        Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        return new JobState.Part(file.getFileName().toString(), rows, bytes, sum, first, last);
    }

    /** A file's SHA-256, in hexadecimal digits. */
    static String sumOf(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Gives the part up. */
    @Override
    public void close() throws IOException {
        try {
            out.close();
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    /** Closes one that may not be there. */
    static void discard(@Nullable PartFile part) {
        if (part != null) {
            try {
                part.close();
            } catch (IOException e) {
                // A full disk refuses the last bytes of what is given up anyway.
            }
        }
    }
}
