package io.scorecast.server.audience;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * Sorts customers into a spool, each once, with what was given of their logs in the order in which it was given. What does
 * not fit into memory goes to sorted runs on disk, which are merged at the end, so memory is bounded whatever the number of
 * customers. Owned by one thread.
 *
 * <p>A spool is a file of records: length of the id (2 bytes), the id in UTF-8, length of the log (4 bytes), the log; sorted
 * by id as {@link String#compareTo} has it. A record that was erased is all zeros but for its lengths.
 */
public final class SpoolBuilder implements Closeable {

    private static final byte[] NOTHING = {};

    /** What an entry costs besides its bytes: map, key, and the arrays' heads. */
    private static final int ENTRY_BYTES = 150;

    private static final int FAN_IN = 256;

    private final Path target;
    private final long budget;
    private final Map<String, Log> entries = new HashMap<>();
    private final List<Path> runs = new ArrayList<>();
    private long held;
    private int spilled;

    /**
     * Begins a spool.
     *
     * @param budget bytes of memory to hold before a run is written
     */
    public SpoolBuilder(Path target, long budget) {
        this.target = target;
        this.budget = budget;
    }

    /** An eighth of the heap: two jobs can prepare at once beside a service. */
    public static long standardBudget() {
        return Runtime.getRuntime().maxMemory() / 8;
    }

    private static final class Log {
        byte[] bytes = NOTHING;
        int length;

        void append(byte[] more) {
            if (bytes.length - length < more.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length + more.length, bytes.length + (bytes.length >> 1)));
            }
            System.arraycopy(more, 0, bytes, length, more.length);
            length += more.length;
        }
    }

    void add(String id) throws IOException {
        add(id, NOTHING);
    }

    /** Adds to the end of a customer's log. */
    public void add(String id, byte[] log) throws IOException {
        Log entry = entries.get(id);
        if (entry == null) {
            entry = new Log();
            entries.put(id, entry);
            held += ENTRY_BYTES + id.length();
        }
        int before = entry.bytes.length;
        entry.append(log);
        held += entry.bytes.length - before;
        if (held >= budget) {
            spill();
        }
    }

    private void spill() throws IOException {
        Path run = target.resolveSibling(target.getFileName() + ".run" + spilled++);
        runs.add(run);
        write(run);
        entries.clear();
        held = 0;
        if (runs.size() >= FAN_IN) {
            Path merged = target.resolveSibling(target.getFileName() + ".run" + spilled++);
            merge(merged, () -> false);
            runs.add(merged);
        }
    }

    private long write(Path file) throws IOException {
        String[] ids = entries.keySet().toArray(String[]::new);
        Arrays.sort(ids);
        try (DataOutputStream out = open(file)) {
            for (String id : ids) {
                Log log = entries.get(id);
                if (log != null) {
                    record(out, id, log.bytes, log.length);
                }
            }
        }
        return ids.length;
    }

    private static DataOutputStream open(Path file) throws IOException {
        return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
    }

    private static void record(DataOutputStream out, String id, byte[] log, int length) throws IOException {
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
        out.writeInt(length);
        out.write(log, 0, length);
    }

    /**
     * Completes the spool: it appears whole or not at all.
     *
     * @param stop asked now and then; ends the work
     * @return the number of customers
     */
    public long finish(BooleanSupplier stop) throws IOException {
        Path partial = target.resolveSibling(target.getFileName() + ".part");
        long count;
        if (runs.isEmpty()) {
            count = write(partial);
        } else {
            if (!entries.isEmpty()) {
                spill();
            }
            count = merge(partial, stop);
        }
        entries.clear();
        Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        return count;
    }

    private record Head(SpoolReader reader, int run) {}

    /** Merges the runs, which go away. */
    private long merge(Path file, BooleanSupplier stop) throws IOException {
        PriorityQueue<Head> heads = new PriorityQueue<>(
                Comparator.comparing((Head head) -> head.reader().id()).thenComparingInt(Head::run));
        List<SpoolReader> open = new ArrayList<>();
        long count = 0;
        try (DataOutputStream out = open(file)) {
            for (int run = 0; run < runs.size(); run++) {
                SpoolReader reader = new SpoolReader(runs.get(run), 0);
                open.add(reader);
                if (reader.next()) {
                    heads.add(new Head(reader, run));
                }
            }
            Log log = new Log();
            while (!heads.isEmpty()) {
                String id = heads.element().reader().id();
                log.length = 0;
                for (Head head = heads.peek();
                        head != null && head.reader().id().equals(id);
                        head = heads.peek()) {
                    heads.remove();
                    log.append(head.reader().log());
                    if (head.reader().next()) {
                        heads.add(head);
                    }
                }
                record(out, id, log.bytes, log.length);
                if ((++count & 0xfff) == 0 && stop.getAsBoolean()) {
                    throw new StoppedException();
                }
            }
        } finally {
            for (SpoolReader reader : open) {
                reader.close();
            }
        }
        deleteRuns();
        return count;
    }

    private void deleteRuns() throws IOException {
        for (Path run : runs) {
            Files.deleteIfExists(run);
        }
        runs.clear();
    }

    /** Removes what is not needed any more. */
    @Override
    public void close() throws IOException {
        deleteRuns();
        Files.deleteIfExists(target.resolveSibling(target.getFileName() + ".part"));
    }
}
