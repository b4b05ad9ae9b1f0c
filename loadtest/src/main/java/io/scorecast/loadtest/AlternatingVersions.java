package io.scorecast.loadtest;

import io.scorecast.engine.model.Checksums;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A repository whose propensity model gets version after version: odd ones as shipped, even ones calibrated otherwise. All
 * are evaluated by the native library, so that they cost the same and each opens and closes native memory. Each is a new
 * folder, which has to pass every check.
 */
final class AlternatingVersions {

    private static final String MODEL = "propensity";

    private final Path shipped;
    private final Path repository;

    AlternatingVersions(Path shipped, Path repository) {
        this.shipped = shipped;
        this.repository = repository;
    }

    /** Copies every shipped model in its first version; of propensity there is the first of the versions to come. */
    void create() throws IOException {
        try (Stream<Path> models = Files.list(shipped)) {
            for (Path model : models.filter(Files::isDirectory).toList()) {
                if (!model.endsWith(MODEL)) {
                    copy(
                            model.resolve("1"),
                            repository.resolve(model.getFileName()).resolve("1"));
                }
            }
        }
        Files.createDirectories(repository.resolve(MODEL));
        put(1);
    }

    /** Puts a version there, whole at once, and takes the one before the last away. */
    void put(int version) throws IOException {
        Path folder = repository.resolve(MODEL);
        Path beside = folder.resolve("." + version);
        copy(shipped.resolve(MODEL).resolve("1"), beside);
        Path manifest = beside.resolve("model.yaml");
        String text = Files.readString(manifest)
                .replaceFirst("(?m)^runtime: xgboost$", "runtime: xgboost\nengine: xgboost4j")
                .replaceFirst("(?m)^description: .*$", "description: Version " + version + " of a test.");
        if (version % 2 == 0) {
            text = text.replaceFirst("b: [-0-9.e]+", "b: 1.5");
            // Both say what the other calibration gave.
            Files.delete(beside.resolve("golden.ndjson"));
            Files.delete(beside.resolve("reference.json"));
        }
        Files.writeString(manifest, text);
        Files.delete(beside.resolve("SHA256SUMS"));
        Checksums.write(beside);
        Files.move(beside, folder.resolve(Integer.toString(version)), StandardCopyOption.ATOMIC_MOVE);
        if (version > 2) {
            delete(folder.resolve(Integer.toString(version - 2)));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        List<Path> files;
        try (Stream<Path> found = Files.list(from)) {
            files = found.toList();
        }
        for (Path file : files) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    static void delete(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(folder)) {
            files = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
