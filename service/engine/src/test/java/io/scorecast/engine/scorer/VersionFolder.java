package io.scorecast.engine.scorer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** A copy of a shipped version, to be spoilt. */
final class VersionFolder {

    static final Path MODELS = Path.of("../../models");

    final Path path;

    private VersionFolder(Path path) {
        this.path = path;
    }

    /** An empty one. */
    static VersionFolder create(Path repository, String model, int version) throws IOException {
        return new VersionFolder(
                Files.createDirectories(repository.resolve(model).resolve(Integer.toString(version))));
    }

    /** Copies {@code model/1}, with few golden examples and customers, so that a check takes little. */
    static VersionFolder copy(String model, Path repository) throws IOException {
        Path from = MODELS.resolve(model).resolve("1");
        Path to = Files.createDirectories(repository.resolve(model).resolve("2"));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        VersionFolder folder = new VersionFolder(to);
        for (String name : List.of("golden.ndjson", "sample.ndjson")) {
            List<String> lines = Files.readAllLines(to.resolve(name));
            Files.write(to.resolve(name), lines.subList(0, 3));
        }
        folder.seal();
        return folder;
    }

    Path file(String name) {
        return path.resolve(name);
    }

    byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(file(name));
    }

    String text(String name) throws IOException {
        return Files.readString(file(name));
    }

    void write(String name, byte[] content) throws IOException {
        Files.write(file(name), content);
    }

    void write(String name, String content) throws IOException {
        write(name, content.getBytes(StandardCharsets.UTF_8));
    }

    List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Makes the hashes right, whatever the files are now. */
    void seal() throws IOException {
        StringBuilder sums = new StringBuilder();
        for (String name : names()) {
            if (!name.equals("SHA256SUMS") && Files.isRegularFile(file(name), LinkOption.NOFOLLOW_LINKS)) {
                sums.append(sha256(file(name))).append("  ").append(name).append('\n');
            }
        }
        write("SHA256SUMS", sums.toString());
    }

    private static String sha256(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 20];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
