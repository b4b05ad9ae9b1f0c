package io.scorecast.engine.model;

import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
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

    /** No model is larger, but a mistake may be. */
    private static final long MAX_FILE_BYTES = 1L << 30;

    private static final int MAX_FILES = 1000;
    private static final int SLICE_BYTES = 1 << 20;

    private final Path folder;
    private final FolderFiles files;
    private final Pace pace;
    private final String source;
    private final Problems problems;
    private final Set<String> doubtful = new HashSet<>();
    private String checksum = "";

    Checksums(Path folder, Pace pace, String source, Problems problems) {
        this.folder = folder;
        this.files = new FolderFiles(folder);
        this.pace = pace;
        this.source = source;
        this.problems = problems;
    }

    /** The hash of SHA256SUMS; empty if it cannot be read. */
    String checksum() {
        return checksum;
    }

    /** Whether a file is there and is the one that was exported. */
    boolean vouchFor(String name) {
        return !checksum.isEmpty() && !doubtful.contains(name) && files.refusal(name) == null;
    }

    /** Verifies all files of the folder; returns how many. */
    int verify() {
        String text;
        try {
            text = files.text(FILE);
            checksum = HexFormat.of().formatHex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            problems.add(source, FILE + ": " + e.getMessage());
            return 0;
        }
        SortedMap<String, String> listed = listed(source + "/" + FILE, text, problems);
        if (listed.size() > MAX_FILES) {
            problems.add(
                    source + "/" + FILE, "it lists " + listed.size() + " files; at most " + MAX_FILES + " are read");
            checksum = "";
            return 0;
        }
        listed.forEach(this::verify);
        for (String extra : present(folder, source, problems)) {
            if (!listed.containsKey(extra)) {
                doubtful.add(extra);
                problems.add(source + "/" + extra, "the file is not listed in " + FILE);
            }
        }
        return listed.size();
    }

    private void verify(String name, String hash) {
        int before = problems.size();
        String refusal = files.refusalAlsoIfHidden(name);
        if (refusal != null) {
            problems.add(source, FILE + " lists a file that cannot be used: " + refusal);
        } else {
            try {
                long size = Files.size(files.path(name));
                if (size > MAX_FILE_BYTES) {
                    problems.add(
                            source + "/" + name,
                            "the file has " + size + " bytes; at most " + MAX_FILE_BYTES + " are read");
                } else {
                    String found = sha256(files.path(name), pace);
                    if (!found.equalsIgnoreCase(hash)) {
                        problems.add(
                                source + "/" + name,
                                "the file is not the one that was exported: its SHA-256 is " + found + ", " + FILE
                                        + " says " + hash);
                    }
                }
            } catch (IOException e) {
                problems.add(source + "/" + name, "cannot be read: " + e);
            }
        }
        if (problems.size() > before) {
            doubtful.add(name);
        }
    }

    /** The hash of a folder's SHA256SUMS; empty if there is none to be read. */
    static String of(Path folder) {
        try {
            return sha256(folder.resolve(FILE), Pace.NONE);
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
            text.append(sha256(folder.resolve(name), Pace.NONE))
                    .append("  ")
                    .append(name)
                    .append('\n');
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
                    if (names.size() <= MAX_FILES) {
                        return FileVisitResult.CONTINUE;
                    }
                    problems.add(source, "the folder holds more than " + MAX_FILES + " files");
                    names.clear();
                    return FileVisitResult.TERMINATE;
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

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String sha256(Path file, Pace pace) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = digest();
            byte[] buffer = new byte[SLICE_BYTES];
            for (int n = in.readNBytes(buffer, 0, SLICE_BYTES); n > 0; n = in.readNBytes(buffer, 0, SLICE_BYTES)) {
                digest.update(buffer, 0, n);
                pace.pause();
            }
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
