package io.scorecast.server.audience;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes customers out of what a job keeps. Who is to go is noted in the folder first; whoever has the folder's lock does
 * it, and looks again after letting it go, so that no note is missed. A job that runs does it at its end. Done twice it is
 * the same as once, so a crash in between does no harm.
 */
final class JobErasure {

    private static final String NOTE = "erase-";

    private final JobFolder folder;
    private final Progress progress;
    private final NavigableSet<String> customers;

    private JobErasure(JobFolder folder, Progress progress, NavigableSet<String> customers) {
        this.folder = folder;
        this.progress = progress;
        this.customers = customers;
    }

    /** Gives the job as it is on disk. */
    @FunctionalInterface
    interface Source {
        Progress get() throws IOException;
    }

    /** Notes who is to go; survives a crash. */
    static void note(JobFolder folder, Collection<String> customers) throws IOException {
        Path note = folder.inner().resolve(NOTE + UUID.randomUUID());
        Path partial = note.resolveSibling(note.getFileName() + ".part");
        Files.write(partial, customers);
        JobFolder.force(partial);
        Files.move(partial, note, StandardCopyOption.ATOMIC_MOVE);
    }

    private static List<Path> notes(JobFolder folder) throws IOException {
        if (!Files.isDirectory(folder.inner())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder.inner())) {
            return files.filter(file -> file.getFileName().toString().startsWith(NOTE)
                            && !file.getFileName().toString().endsWith(".part"))
                    .toList();
        }
    }

    /** Does what is noted, unless somebody else has the lock, who will. */
    static void settle(JobFolder folder, Source source) throws IOException {
        boolean more = !notes(folder).isEmpty();
        while (more) {
            JobLock lock = JobLock.take(folder);
            if (lock == null) {
                return;
            }
            try (lock) {
                Progress progress = source.get();
                more = apply(folder, progress, !progress.state().isLive());
            }
            more = more && !notes(folder).isEmpty();
        }
    }

    /**
     * Does what is noted; to be called with the lock.
     *
     * @param ended whether the job will not go on by itself
     * @return false if the notes are left for the job's end
     */
    static boolean apply(JobFolder folder, Progress progress, boolean ended) throws IOException {
        List<Path> notes = notes(folder);
        if (notes.isEmpty()) {
            return true;
        }
        if (!ended && !Files.exists(folder.spool())) {
            // Its customers are still to be counted, from ids that came along.
            return false;
        }
        NavigableSet<String> customers = new TreeSet<>();
        for (Path note : notes) {
            customers.addAll(Files.readAllLines(note));
        }
        new JobErasure(folder, progress, customers).erase();
        for (Path note : notes) {
            Files.delete(note);
        }
        return true;
    }

    private void erase() throws IOException {
        if (!Files.exists(folder.spool())) {
            folder.deleteUploads(progress.request);
        }
        long gone = spool(folder.spool());
        spool(folder.ranked());
        spool(folder.excluded());
        digests();
        List<JobState.Part> parts = new ArrayList<>();
        for (JobState.Part part : progress.view().parts()) {
            parts.add(part(part));
        }
        Progress.Checkpoint reached = progress.reached();
        RecordFilter rejects = rows(folder.rejected(), reached.rejectedBytes());
        RecordFilter left = rows(folder.left(), reached.leftBytes());
        boolean done = progress.state() == JobState.State.DONE;
        progress.erased(
                parts,
                done ? "" : reached.last(),
                gone,
                rejects == null ? reached.rejected() : rejects.records(),
                rejects == null ? reached.rejectedBytes() : rejects.bytes(),
                left == null ? reached.leftBytes() : left.bytes());
        progress.save();
        manifest();
    }

    /** Overwrites records in place, so that places in the file stay what they are; how many lie ahead of the job. */
    private long spool(Path spool) throws IOException {
        long ahead = 0;
        if (!Files.exists(spool)) {
            return ahead;
        }
        try (SpoolReader reader = new SpoolReader(spool, 0);
                RandomAccessFile file = new RandomAccessFile(spool.toFile(), "rw")) {
            while (reader.next() && reader.id().compareTo(customers.last()) <= 0) {
                if (customers.contains(reader.id())) {
                    overwrite(file, reader.start() + 2, reader.idLength());
                    overwrite(file, reader.offset() - reader.log().length, reader.log().length);
                    ahead += reader.start() >= progress.reached().offset() ? 1 : 0;
                }
            }
            file.getChannel().force(false);
        }
        return ahead;
    }

    private static void overwrite(RandomAccessFile file, long from, int length) throws IOException {
        file.seek(from);
        file.write(new byte[length]);
    }

    private void digests() throws IOException {
        if (!Files.exists(folder.digests())) {
            return;
        }
        long end = Math.min(progress.reached().digestBytes(), Files.size(folder.digests()));
        try (Digests.Reader reader = new Digests.Reader(folder.digests());
                RandomAccessFile file = new RandomAccessFile(folder.digests().toFile(), "rw")) {
            while (reader.offset() < end) {
                long start = reader.offset();
                Digests.Digest digest = reader.next();
                if (digest == null || digest.customer().compareTo(customers.last()) > 0) {
                    break;
                }
                if (customers.contains(digest.customer())) {
                    // What was skipped before it is overwritten already; lengths stay.
                    Digests.erase(file, start, reader.offset());
                }
            }
            file.getChannel().force(false);
        }
    }

    /** A file of rows whose first column is the customer; null if there is none. */
    private @Nullable RecordFilter rows(Path file, long length) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        RecordFilter filter = RecordFilter.csv(null, "", customers);
        rewrite(file, file, filter, length);
        return filter;
    }

    private static void rewrite(Path from, Path to, RecordFilter filter, long length) throws IOException {
        Path partial = to.resolveSibling(to.getFileName() + ".part");
        try (InputStream in = Packing.of(from).in(new BufferedInputStream(Files.newInputStream(from), 1 << 16));
                OutputStream out =
                        Packing.of(to).out(new BufferedOutputStream(Files.newOutputStream(partial), 1 << 16))) {
            filter.copy(in, out, length);
        }
        JobFolder.force(partial);
        Files.move(partial, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The part without them; rows and hash are told anew even if nobody is found: an earlier attempt may have ended here. */
    private JobState.Part part(JobState.Part part) throws IOException {
        Set<String> within =
                part.first().isEmpty() ? Set.of() : customers.subSet(part.first(), true, part.last(), true);
        Path file = folder.path().resolve(part.name());
        IdPlace place = progress.idPlace();
        if (within.isEmpty() || place.isNone() || !Files.exists(file)) {
            return part;
        }
        long rows;
        if (Packing.bare(part.name()).endsWith("." + Output.Format.PARQUET.word())) {
            rows = ParquetPart.filter(file, place, within);
        } else {
            boolean csv = Packing.bare(part.name()).endsWith("." + Output.Format.CSV.word());
            RecordFilter filter = csv
                    ? RecordFilter.csv(place.column(), place.member(), within)
                    : RecordFilter.json(place.member(), within);
            rewrite(file, file, filter, Long.MAX_VALUE);
            rows = filter.records();
        }
        return new JobState.Part(
                part.name(),
                rows,
                Files.size(file),
                PartFile.sumOf(file),
                within.contains(part.first()) ? before(part.first()) : part.first(),
                within.contains(part.last()) ? before(part.last()) + '\uffff' : part.last());
    }

    /** A text that sorts before an id and the next ones, and does not give it away. */
    private static String before(String id) {
        return id.length() < 2 ? "\u0001" : id.substring(0, id.length() / 2);
    }

    private void manifest() throws IOException {
        if (Files.exists(folder.manifest())) {
            Map<String, Object> manifest = Plain.read(Files.readAllBytes(folder.manifest()));
            manifest.put("rows", progress.reached().rows());
            manifest.put("rejected", progress.reached().rejected());
            manifest.put("parts", progress.partsText());
            JobFolder.replace(folder.manifest(), manifest);
        }
    }
}
