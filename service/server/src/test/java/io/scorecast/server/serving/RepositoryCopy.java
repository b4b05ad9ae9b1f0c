package io.scorecast.server.serving;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A repository in a temporary folder, of the shipped versions and of variants of them. */
public final class RepositoryCopy {

    private static final Path SHIPPED = Path.of("../../models");

    private final Path root;

    public RepositoryCopy(Path root) {
        this.root = root;
    }

    public Path root() {
        return root;
    }

    Path folder(String model, int version) {
        return root.resolve(model).resolve(Integer.toString(version));
    }

    private static final List<String> OF_THE_SCORES = List.of("golden.ndjson", "reference.json");

    /** Copies the first shipped version of a model as it is. */
    public Path ship(String model) {
        return write(model, 1, manifest -> manifest, true);
    }

    /**
     * Writes a version like the shipped one but for its manifest, without what was recorded of its
     * scores, which would not hold.
     *
     * @param edit of the text of the manifest or policy
     */
    public Path variant(String model, int version, UnaryOperator<String> edit) {
        return write(model, version, edit, false);
    }

    private Path write(String model, int version, UnaryOperator<String> edit, boolean golden) {
        try {
            Path beside = Files.createDirectories(root.resolve(".making-" + model + "-" + version));
            try (Stream<Path> files = Files.list(SHIPPED.resolve(model).resolve("1"))) {
                for (Path file : files.toList()) {
                    String name = file.getFileName().toString();
                    if (name.equals("SHA256SUMS") || (!golden && OF_THE_SCORES.contains(name))) {
                        continue;
                    }
                    if (name.equals("model.yaml") || name.equals("policy.yaml")) {
                        Files.writeString(beside.resolve(name), edit.apply(Files.readString(file)));
                    } else {
                        Files.copy(file, beside.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
            sum(beside);
            Path folder = folder(model, version);
            Files.createDirectories(folder.getParent());
            return Files.move(beside, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes SHA256SUMS of what is there. */
    static void sum(Path folder) throws IOException {
        StringBuilder sums = new StringBuilder();
        List<Path> files;
        try (Stream<Path> found = Files.list(folder)) {
            files = found.filter(file -> !file.getFileName().toString().equals("SHA256SUMS"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            sums.append(sha256(Files.readAllBytes(file)))
                    .append("  ")
                    .append(file.getFileName())
                    .append('\n');
        }
        Files.writeString(folder.resolve("SHA256SUMS"), sums);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
