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
 * A repository whose propensity model gets version after version: odd ones as shipped, even ones calibrated otherwise and
 * evaluated by the native library. Each is a new folder, which has to pass every check.
 */
final class AlternatingVersions {

    private static final String MODEL = "propensity";

    private final Path shipped;
    private final Path repository;

    AlternatingVersions(Path shipped, Path repository) {
        this.shipped = shipped;
        this.repository = repository;
    }

    /** Copies every shipped model in its first version. */
    void create() throws IOException {
        try (Stream<Path> models = Files.list(shipped)) {
            for (Path model : models.filter(Files::isDirectory).toList()) {
                copy(model.resolve("1"), repository.resolve(model.getFileName()).resolve("1"));
            }
        }
    }

    /** Puts a version there, whole at once, and takes the one before the last away. */
    void put(int version) throws IOException {
        Path folder = repository.resolve(MODEL);
        Path beside = folder.resolve("." + version);
        copy(shipped.resolve(MODEL).resolve("1"), beside);
        if (version % 2 == 0) {
            Path manifest = beside.resolve("model.yaml");
            Files.writeString(
                    manifest,
                    Files.readString(manifest)
                            .replaceFirst("(?m)^runtime: xgboost$", "runtime: xgboost\nengine: xgboost4j")
                            .replaceFirst("b: [-0-9.e]+", "b: 1.5"));
            Files.delete(beside.resolve("golden.ndjson")); // Of the other calibration.
            Files.delete(beside.resolve("SHA256SUMS"));
            Checksums.write(beside);
        }
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
