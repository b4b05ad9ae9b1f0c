package io.scorecast.engine.scorer;

import io.scorecast.engine.model.VersionFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The version folders of one model, or of the policy, from the highest version down.
 *
 * @param model its name, {@code policy} for the policy
 */
record VersionFolders(String model, List<Path> folders) {

    VersionFolders {
        folders = List.copyOf(folders);
    }

    /** The folder of a version; null if there is none. */
    @Nullable
    Path folder(int version) {
        for (Path folder : folders) {
            if (VersionFolder.versionOf(folder) == version) {
                return folder;
            }
        }
        return null;
    }

    /**
     * The versions that may serve, best first: the pinned one and, should that not be valid, the one that serves now; then
     * from the highest down.
     *
     * @param live the version that serves now, which need not have a folder any more; null if none does
     */
    List<Integer> order(Selection selection, @Nullable Integer live) {
        TreeSet<Integer> numbers = new TreeSet<>(Comparator.reverseOrder());
        folders.forEach(folder -> numbers.add(VersionFolder.versionOf(folder)));
        if (live != null) {
            numbers.add(live);
        }
        numbers.removeIf(number -> selection.isAside(model, number));
        List<Integer> order = new ArrayList<>();
        Integer pin = selection.pins().get(model);
        if (pin != null) {
            order.add(pin);
            if (live != null && !live.equals(pin)) {
                order.add(live);
            }
        }
        numbers.stream().filter(number -> !order.contains(number)).forEach(order::add);
        return order;
    }
}
