package io.scorecast.engine.model;

import io.scorecast.engine.feature.VocabularyFiles;
import io.scorecast.engine.problem.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a version, of a model or of the policy, whose files were compared with its SHA256SUMS.
 *
 * @param version the folder's name, a positive integer; 0 (with a problem) if it is none
 * @param checksum SHA-256 of its SHA256SUMS, which covers every other file; empty (with a problem) if there is none
 */
public record VersionFolder(Path path, int version, String checksum) {

    private static final Pattern VERSION = Pattern.compile("[1-9]\\d{0,8}");

    /** The version that a folder's name says; 0 if it says none. */
    public static int versionOf(Path folder) {
        Path name = folder.getFileName();
        return name == null ? 0 : parseVersion(name.toString());
    }

    /** The version that a text says, in its one spelling; 0 if it says none. */
    public static int parseVersion(String text) {
        return VERSION.matcher(text).matches() ? Integer.parseInt(text) : 0;
    }

    /** Verifies name and hashes; null only if there is no folder. What is wrong is reported, and reading may go on. */
    public static @Nullable VersionFolder open(Path folder, Problems problems) {
        String source = sourceOf(folder);
        if (!Files.isDirectory(folder)) {
            problems.add(source, "there is no such folder");
            return null;
        }
        int version = versionOf(folder);
        if (version == 0) {
            problems.add(source, "a version's folder is named by a positive whole number without leading zeros");
        }
        Checksums checksums = new Checksums(folder, Pace.NONE, source, problems);
        checksums.verify();
        return new VersionFolder(folder, version, checksums.checksum());
    }

    /** How problems name this folder: {@code model/version}. */
    public String source() {
        return sourceOf(path);
    }

    /** The whole of a text file; null, with a problem, if it cannot be read. */
    public @Nullable String text(String name, Problems problems) {
        try {
            return files().text(name);
        } catch (IOException e) {
            problems.add(source(), name + ": " + e.getMessage());
            return null;
        }
    }

    /** The files of words that feature definitions may name. */
    public VocabularyFiles vocabularies() {
        FolderFiles files = files();
        return name -> files.refusal(name) == null ? files.text(name) : null;
    }

    FolderFiles files() {
        return new FolderFiles(path);
    }

    static String sourceOf(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        int names = absolute.getNameCount();
        return names < 2
                ? absolute.toString()
                : absolute.subpath(names - 2, names).toString();
    }
}
