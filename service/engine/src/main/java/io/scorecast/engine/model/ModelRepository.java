package io.scorecast.engine.model;

import io.scorecast.engine.problem.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The folders of a repository: {@code <model>/<version>}, versions from the highest down. Says what is there, not whether
 * it is valid; {@code policy} is listed like a model.
 */
public final class ModelRepository {

    private static final int STAMP_DEPTH = 4;
    private static final int STAMP_FILES = 1_000;

    private ModelRepository() {}

    /** Whether a model may have this name: its folder is called so too. */
    public static boolean isModelName(String name) {
        return ManifestReader.MODEL_NAME.matcher(name).matches() && !name.equals("policy");
    }

    /**
     * Lists a repository. Hidden folders, files, and folders whose names are no versions are left out.
     *
     * @return the version folders by the name of their model
     */
    public static Map<String, List<Path>> list(Path models, Problems problems) {
        Map<String, List<Path>> found = new TreeMap<>();
        for (Path model : folders(models, problems)) {
            String name = String.valueOf(model.getFileName());
            if (!ManifestReader.MODEL_NAME.matcher(name).matches()) {
                problems.add(name, "a model's folder is named with a-z, 0-9, _ and -, and begins with a letter");
                continue;
            }
            List<Path> versions = new ArrayList<>(folders(model, problems));
            versions.removeIf(folder -> VersionFolder.versionOf(folder) == 0);
            versions.sort(Comparator.comparingInt(VersionFolder::versionOf).reversed());
            found.put(name, List.copyOf(versions));
        }
        return found;
    }

    /**
     * What a folder looks like from outside: names, sizes and times of its files. Another stamp means that it may have
     * changed; the same, that it has not been written to.
     */
    public static String stamp(Path folder) {
        StringBuilder stamp = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder, STAMP_DEPTH)) {
            for (Path file : files.limit(STAMP_FILES).sorted().toList()) {
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                stamp.append(folder.relativize(file))
                        .append(' ')
                        .append(found.isRegularFile() ? found.size() : -1)
                        .append(' ')
                        .append(found.lastModifiedTime())
                        .append(' ')
                        .append(found.fileKey())
                        .append('\n');
            }
        } catch (IOException | UncheckedIOException e) {
            stamp.append("unreadable");
        }
        return stamp.toString();
    }

    /** What a repository holds, as text that is equal where the versions and their checksums are. */
    public static String contents(Path models) {
        StringBuilder contents = new StringBuilder();
        list(models, new Problems()).forEach((model, versions) -> {
            for (Path version : versions) {
                contents.append(model)
                        .append('/')
                        .append(version.getFileName())
                        .append(' ')
                        .append(Checksums.of(version))
                        .append('\n');
            }
        });
        return contents.toString();
    }

    /** Whether every file that a folder's SHA256SUMS lists is there, whatever is in it. */
    public static boolean isComplete(Path folder) {
        return Checksums.isComplete(folder);
    }

    private static List<Path> folders(Path parent, Problems problems) {
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(Files::isDirectory)
                    .filter(child -> !String.valueOf(child.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            problems.add(parent.toString(), "the folder cannot be listed: " + e);
            return List.of();
        }
    }
}
