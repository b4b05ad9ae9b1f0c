package io.scorecast.engine.model;

import io.scorecast.engine.problem.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
            versions.removeIf(folder -> ModelFolder.versionOf(folder) == 0);
            versions.sort(Comparator.comparingInt(ModelFolder::versionOf).reversed());
            found.put(name, List.copyOf(versions));
        }
        return found;
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
