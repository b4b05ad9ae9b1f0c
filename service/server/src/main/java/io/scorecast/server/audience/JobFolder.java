package io.scorecast.server.audience;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Where the files of a job are: what its caller wants in the folder itself, what the job needs to go on in {@code .job}. */
record JobFolder(Path path) {

    static final String INNER = ".job";

    Path inner() {
        return path.resolve(INNER);
    }

    Path state() {
        return inner().resolve("job.json");
    }

    Path spool() {
        return inner().resolve("spool");
    }

    /** The customers that were chosen by rank. */
    Path ranked() {
        return inner().resolve("ranked");
    }

    Path excluded() {
        return inner().resolve("excluded");
    }

    /** What was written of whom, for a later job to compare with. */
    Path digests() {
        return inner().resolve("digests");
    }

    Path rejected() {
        return path.resolve("rejected.csv");
    }

    Path left() {
        return path.resolve("left.csv");
    }

    Path manifest() {
        return path.resolve("manifest.json");
    }

    /** Held by whoever may change the folder. */
    Path lock() {
        return inner().resolve("lock");
    }

    /** Ids that came with the request. */
    Path upload(String name) {
        return inner().resolve(name);
    }

    boolean holdsJob() {
        return Files.exists(state());
    }

    /** Writes a file beside, then in place: a reader sees the old one or the new one, also after a crash. */
    static void replace(Path file, Map<String, ?> content) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".part");
        Files.write(partial, Plain.bytes(content));
        force(partial);
        Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Removes what a job needed only while it ran, and whatever is half written. */
    void tidy() throws IOException {
        for (Path file : List.of(spool(), ranked(), excluded())) {
            Files.deleteIfExists(file);
        }
        deletePartial();
    }

    /** Removes ids that came with the request: they are in the spool, or nobody wants them any more. */
    void deleteUploads(AudienceRequest request) throws IOException {
        if (request.customers() instanceof Customers.Ids ids) {
            deleteUpload(ids.file());
        }
        if (request.exclude() != null) {
            deleteUpload(request.exclude());
        }
    }

    private void deleteUpload(Path file) throws IOException {
        if (file.toAbsolutePath().startsWith(inner().toAbsolutePath())) {
            Files.deleteIfExists(file);
        }
    }

    /** Removes half-written files. */
    void deletePartial() throws IOException {
        for (Path folder : List.of(path, inner())) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.filter(JobFolder::isPartial).toList()) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        }
    }

    private static boolean isPartial(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".part") || name.matches(".*\\.run\\d+");
    }

    /** Removes everything of the job: also what it has written. */
    void delete() throws IOException {
        if (!Files.isDirectory(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
