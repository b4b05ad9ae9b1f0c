package io.scorecast.server.audience;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.scorecast.engine.prediction.ItemList;
import io.scorecast.engine.prediction.Prediction;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What was written of each customer, in a few bytes, sorted by id: length of the id (2 bytes), the id, a hash of everything
 * that is a word (bands, segments, decision, first items; 8 bytes), the number of scores (1 byte), the scores as floats, the policy's points
 * after the models' outputs.
 */
final class Digests {

    private Digests() {}

    /** A customer's digest. */
    record Digest(String customer, long words, float[] scores) {

        static Digest of(Prediction prediction) {
            Hasher hasher = Hashing.murmur3_128().newHasher();
            for (int i = 0; i < prediction.scores().size(); i++) {
                hasher.putUnencodedChars(prediction.schema().scores().get(i).name());
                hasher.putInt(prediction.scores().get(i).band());
            }
            for (String points : prediction.schema().points()) {
                hasher.putUnencodedChars(points);
            }
            for (String segment : prediction.segments()) {
                hasher.putUnencodedChars(segment).putChar('\n');
            }
            hasher.putUnencodedChars(String.valueOf(prediction.decision()));
            for (ItemList list : prediction.lists()) {
                hasher.putChar('\n')
                        .putUnencodedChars(
                                list.size() == 0 ? "" : list.items().getFirst().id());
            }
            int outputs = prediction.scores().size();
            float[] scores = new float[outputs + prediction.points().size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = (float)
                        (i < outputs
                                ? prediction.scores().get(i).value()
                                : prediction.points().get(i - outputs));
            }
            return new Digest(prediction.customer(), hasher.hash().asLong(), scores);
        }

        /** Whether a marketer would see a difference. */
        boolean differs(Digest before, double moved) {
            if (words != before.words || scores.length != before.scores.length) {
                return true;
            }
            for (int i = 0; i < scores.length; i++) {
                double old = before.scores[i];
                if (Math.abs(scores[i] - old) > moved * Math.max(1, Math.abs(old))
                        || Double.isNaN(old) != Float.isNaN(scores[i])) {
                    return true;
                }
            }
            return false;
        }

        void put(Bytes out) {
            byte[] id = customer.getBytes(StandardCharsets.UTF_8);
            out.put(id.length >> 8);
            out.put(id.length);
            out.put(id);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.put((int) (words >>> shift));
            }
            out.put(scores.length);
            for (float score : scores) {
                int bits = Float.floatToIntBits(score);
                for (int shift = 24; shift >= 0; shift -= 8) {
                    out.put(bits >>> shift);
                }
            }
        }
    }

    /**
     * Overwrites a record by zeros, but for its lengths; those right before it are overwritten already.
     *
     * @param from where a record begins
     * @param to the end of the record to overwrite
     */
    static void erase(RandomAccessFile file, long from, long to) throws IOException {
        long at = from;
        while (at < to) {
            file.seek(at);
            int id = file.readUnsignedShort();
            file.write(new byte[id + Long.BYTES]);
            int scores = file.read();
            file.write(new byte[scores * Float.BYTES]);
            at += 2L + id + Long.BYTES + 1 + (long) scores * Float.BYTES;
        }
    }

    /** Reads them in order. */
    static final class Reader implements Closeable {

        private final DataInputStream in;
        private long offset;

        Reader(Path file) throws IOException {
            in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
        }

        /** Where the next record begins. */
        long offset() {
            return offset;
        }

        /** The next one that was not erased; null at the end. */
        @Nullable
        Digest next() throws IOException {
            Digest digest = record();
            while (digest != null && digest.customer().charAt(0) == 0) {
                digest = record();
            }
            return digest;
        }

        private @Nullable Digest record() throws IOException {
            int first = in.read();
            if (first < 0) {
                return null;
            }
            int length = first << 8 | in.read();
            byte[] id = in.readNBytes(length);
            if (id.length < length) {
                throw new EOFException("the digests end within a record");
            }
            long words = in.readLong();
            float[] scores = new float[in.read()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = in.readFloat();
            }
            offset += 2L + length + Long.BYTES + 1 + (long) scores.length * Float.BYTES;
            return new Digest(new String(id, StandardCharsets.UTF_8), words, scores);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
