package io.scorecast.engine.model;

import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code SHA256SUMS}, as {@code sha256sum} writes it: every other file of the folder with its hash. It is written last, so
 * it marks a folder as complete; its own hash is the version's checksum.
 */
public final class Checksums {

    static final String FILE = "SHA256SUMS";

    private static final Pattern LINE = Pattern.compile("([0-9a-fA-F]{64}) [ *](?:\\./)?(.+)");

    private Checksums() {}

    /** Verifies all files of the folder and returns the hash of SHA256SUMS; what is wrong is reported. */
    static String verify(Path folder, String source, Problems problems) {
        FolderFiles files = new FolderFiles(folder);
        String text;
        String checksum;
        try {
            text = files.text(FILE);
            checksum = sha256(files.path(FILE));
        } catch (IOException e) {
            problems.add(source, FILE + ": " + e.getMessage());
            return "";
        }
        SortedMap<String, String> listed = listed(source + "/" + FILE, text, problems);
        listed.forEach((name, hash) -> {
            String refusal = files.refusal(name);
            if (refusal != null) {
                problems.add(source, FILE + " lists a file that cannot be used: " + refusal);
                return;
            }
            try {
                String found = sha256(files.path(name));
                if (!found.equalsIgnoreCase(hash)) {
                    problems.add(
                            source + "/" + name,
                            "the file is not the one that was exported: its SHA-256 is " + found + ", " + FILE
                                    + " says " + hash);
                }
            } catch (IOException e) {
                problems.add(source + "/" + name, "cannot be read: " + e);
            }
        });
        for (String extra : present(folder, source, problems)) {
            if (!listed.containsKey(extra)) {
                problems.add(source + "/" + extra, "the file is not listed in " + FILE);
            }
        }
        return checksum;
    }

    /** The hash of a folder's SHA256SUMS; empty if there is none to be read. */
    static String of(Path folder) {
        try {
            return sha256(folder.resolve(FILE));
        } catch (IOException e) {
            return "";
        }
    }

    /** Whether SHA256SUMS and every file that it lists are there, whatever is in them. */
    static boolean isComplete(Path folder) {
        FolderFiles files = new FolderFiles(folder);
        try {
            return listed("", files.text(FILE), new Problems()).keySet().stream()
                    .allMatch(name -> files.refusal(name) == null);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Lists all files of a folder with their hashes: the last thing to do when a version is written.
     *
     * @throws IOException if one cannot be read, or the list not be written
     */
    public static void write(Path folder) throws IOException {
        Problems problems = new Problems();
        StringBuilder text = new StringBuilder();
        for (String name : present(folder, folder.toString(), problems)) {
            text.append(sha256(folder.resolve(name))).append("  ").append(name).append('\n');
        }
        problems.throwIfAny();
        Files.writeString(folder.resolve(FILE), text);
    }

    private static SortedMap<String, String> listed(String source, String text, Problems problems) {
        SortedMap<String, String> listed = new TreeMap<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String trimmed = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            if (trimmed.isEmpty()) {
                continue;
            }
            Matcher matcher = LINE.matcher(trimmed);
            if (!matcher.matches()) {
                problems.add(new Problem(
                        source, number, 1, "expected 64 hexadecimal digits, two spaces and a file name", trimmed));
            } else if (listed.put(matcher.group(2), matcher.group(1)) != null) {
                problems.add(new Problem(source, number, 1, "'" + matcher.group(2) + "' is listed twice", trimmed));
            }
        }
        if (listed.isEmpty()) {
            problems.add(source, "it lists no file");
        }
        return listed;
    }

    /** Names of the folder's files, but for hidden ones, which tools and mounts leave behind. */
    private static SortedSet<String> present(Path folder, String source, Problems problems) {
        SortedSet<String> names = new TreeSet<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                    return !dir.equals(folder) && hidden(dir) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    String name = folder.relativize(file).toString().replace('\\', '/');
                    if (!hidden(file) && !name.equals(FILE)) {
                        names.add(name);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            problems.add(source, "the folder cannot be listed: " + e);
        }
        return names;
    }

    private static boolean hidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
