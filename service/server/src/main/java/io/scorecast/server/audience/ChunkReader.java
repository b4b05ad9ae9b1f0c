package io.scorecast.server.audience;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.server.store.ProfileStore;
import io.scorecast.server.store.StoredLog;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Reads a spool chunk by chunk: leaves out who is excluded, and gets the logs that the spool does not hold. */
final class ChunkReader implements Closeable {

    private static final int MOST = 256;
    private static final int LEAST = 8;
    private static final long CHUNK_BYTES = 2 << 20;

    private final SpoolReader spool;
    private final Matcher excluded;
    private final @Nullable Matcher included;
    private final @Nullable ProfileStore store;
    private final BooleanSupplier stop;
    private int size = MOST;
    private boolean more = true;

    /**
     * Begins at one of the spool's records.
     *
     * @param excluded a spool of ids to leave out; null if there is none
     * @param included a spool of ids beside which nobody is read; null if all are
     * @param store null if the spool holds the logs
     */
    ChunkReader(
            Path spool,
            long offset,
            @Nullable Path excluded,
            @Nullable Path included,
            @Nullable ProfileStore store,
            BooleanSupplier stop)
            throws IOException {
        this.spool = new SpoolReader(spool, offset);
        this.excluded = new Matcher(excluded);
        this.included = included == null ? null : new Matcher(included);
        this.store = store;
        this.stop = stop;
    }

    /** The next customers; null at the end. */
    @Nullable
    Chunk next() throws IOException {
        if (!more) {
            return null;
        }
        Chunk chunk = new Chunk();
        long bytes = 0;
        int skipped = 0;
        while (chunk.size() < size && bytes < CHUNK_BYTES) {
            if (!spool.next()) {
                more = false;
                break;
            }
            if (included != null && !included.has(spool.id())) {
                continue;
            }
            if (excluded.has(spool.id())) {
                skipped++;
                continue;
            }
            chunk.customers.add(CustomerId.of(spool.id()));
            chunk.ends.add(spool.offset());
            chunk.excludedBefore.add(skipped);
            skipped = 0;
            if (store == null) {
                chunk.logs.add(Chunk.spooled(spool.log()));
                bytes += spool.log().length;
            }
        }
        chunk.excludedAfter = skipped;
        chunk.end = spool.offset();
        if (store != null && chunk.size() > 0) {
            chunk.logs.addAll(logs(chunk, store));
        }
        return chunk;
    }

    private List<StoredLog> logs(Chunk chunk, ProfileStore from) {
        List<StoredLog> logs = Patience.with(() -> from.read(chunk.customers), stop);
        long bytes = 0;
        for (StoredLog log : logs) {
            bytes += log.bytes().length;
        }
        // The next chunk is sized by this one, so that long logs are read a few at a time.
        long fitting = CHUNK_BYTES * chunk.size() / Math.max(1, bytes);
        size = (int) Math.max(LEAST, Math.min(MOST, fitting));
        return logs;
    }

    @Override
    public void close() throws IOException {
        spool.close();
        excluded.close();
        if (included != null) {
            included.close();
        }
    }

    /** Looks ids up in a spool, in order. */
    private static final class Matcher implements Closeable {

        private final @Nullable SpoolReader ids;
        private boolean more;

        Matcher(@Nullable Path spool) throws IOException {
            ids = spool == null ? null : new SpoolReader(spool, 0);
            more = ids != null && ids.next();
        }

        boolean has(String id) throws IOException {
            SpoolReader others = ids;
            while (others != null && more && others.id().compareTo(id) < 0) {
                more = others.next();
            }
            return others != null && more && others.id().equals(id);
        }

        @Override
        public void close() throws IOException {
            if (ids != null) {
                ids.close();
            }
        }
    }
}
