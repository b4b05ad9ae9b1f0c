package io.scorecast.server.cli;

import io.scorecast.engine.model.Checksums;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        Checksums.write(version);
    }

    private static boolean isWords(Path file) {
        return Files.isRegularFile(file) && file.toString().endsWith(".txt");
    }
}
