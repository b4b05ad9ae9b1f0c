package io.scorecast.loadtest.run;

import io.scorecast.engine.model.Checksums;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Every second another version of a model goes live: two versions take turns, pinned through the REST interface. Where the
 * repository has only one of each model, the first model's is copied to the next number.
 */
final class Swaps implements Companion {

    private static final long EVERY_NANOS = 1_000_000_000;

    private final Path models = Files.createTempDirectory("scorecast-loadtest-models");
    private final String model;
    private final int low;
    private final int high;
    private int swaps;
    private long nanos;
    private long longest;

    /**
     * Copies a repository.
     *
     * @param repository what is served without this
     * @throws LoadTestFailure if there is no model in it
     */
    Swaps(Path repository) throws IOException {
        copy(repository, models);
        List<Path> found = models();
        if (found.isEmpty()) {
            throw new LoadTestFailure(repository + ": has no model to swap");
        }
        Path swapped = found.stream()
                .filter(folder -> versions(folder).size() > 1)
                .findFirst()
                .orElse(found.getFirst());
        List<Integer> versions = versions(swapped);
        high = versions.size() > 1 ? versions.getLast() : versions.getLast() + 1;
        low = versions.size() > 1 ? versions.get(versions.size() - 2) : versions.getLast();
        if (versions.size() == 1) {
            Path another = swapped.resolve(Integer.toString(high));
            copy(swapped.resolve(Integer.toString(low)), another);
            // Of the same content it would be the same to the caches.
            Files.writeString(
                    another.resolve("model.yaml"),
                    "\n# Another version, for a load test.\n",
                    StandardOpenOption.APPEND);
            Files.delete(another.resolve("SHA256SUMS"));
            Checksums.write(another);
        }
        model = String.valueOf(swapped.getFileName());
    }

    /** Those with a version, but for the policy; by name. */
    private List<Path> models() throws IOException {
        try (Stream<Path> folders = Files.list(models)) {
            return folders.filter(Files::isDirectory)
                    .filter(folder -> !folder.endsWith("policy"))
                    .filter(folder -> !versions(folder).isEmpty())
                    .sorted()
                    .toList();
        }
    }

    private static List<Integer> versions(Path model) {
        String[] names = model.toFile().list((folder, name) -> name.matches("[1-9]\\d{0,8}"));
        return names == null
                ? List.of()
                : Stream.of(names).map(Integer::valueOf).sorted().toList();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public List<String> options() {
        return List.of("--models", models.toString());
    }

    @Override
    public void run(OwnService service) throws IOException, InterruptedException {
        try (ServiceClient client = new ServiceClient(new Target(service.url(), null))) {
            long due = System.nanoTime();
            while (true) {
                due += EVERY_NANOS;
                TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
                long start = System.nanoTime();
                int version = swaps % 2 == 0 ? low : high;
                client.send("PUT", "/v1/models/" + model + "/pin", "{\"version\":" + version + "}");
                swaps++;
                long took = System.nanoTime() - start;
                nanos += took;
                longest = Math.max(longest, took);
            }
        }
    }

    @Override
    public String told() {
        return String.format(
                Locale.ROOT,
                "%d swaps of %s (versions %d and %d), each %.0f ms from the call until it served, %.0f at most",
                swaps,
                model,
                low,
                high,
                nanos / 1e6 / Math.max(1, swaps),
                longest / 1e6);
    }

    @Override
    public void close() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> found = Files.walk(models)) {
            found.sorted(Comparator.reverseOrder()).forEach(files::add);
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
