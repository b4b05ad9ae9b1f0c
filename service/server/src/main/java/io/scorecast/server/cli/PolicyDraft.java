package io.scorecast.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Makes a version's folder of a policy that stands anywhere, with the word lists that its features may name. */
final class PolicyDraft {

    private static final String FILE = "policy.yaml";

    private PolicyDraft() {}

    /**
     * Copies it.
     *
     * @param policy a file, or a folder with a policy.yaml
     * @param version the folder to make
     */
    static void write(Path policy, Path version) throws IOException {
        boolean isFolder = Files.isDirectory(policy);
        Path file = isFolder ? policy.resolve(FILE) : policy;
        if (!Files.isRegularFile(file)) {
            throw new CommandFailure(file + ": no such file; expected a policy.yaml");
        }
        Files.createDirectories(version);
        Files.copy(file, version.resolve(FILE));
        Path beside = file.toAbsolutePath().getParent();
        if (beside != null) {
            try (Stream<Path> files = Files.list(beside)) {
                for (Path words : files.filter(PolicyDraft::isWords).toList()) {
                    Files.copy(words, version.resolve(words.getFileName()));
                }
            }
        }
        StringBuilder sums = new StringBuilder();
        try (Stream<Path> files = Files.list(version)) {
            for (Path copied : List.copyOf(files.sorted().toList())) {
                sums.append(sha256(Files.readAllBytes(copied)))
                        .append("  ")
                        .append(copied.getFileName())
                        .append('\n');
            }
        }
        Files.writeString(version.resolve("SHA256SUMS"), sums);
    }

    private static boolean isWords(Path file) {
        return Files.isRegularFile(file) && file.toString().endsWith(".txt");
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
