package io.scorecast.engine.feature;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a definition's {@code vocabulary: products.txt} is found: beside the file that names it. */
@FunctionalInterface
public interface VocabularyFiles {

    /** For definitions that come from nowhere near a folder: no file is found. */
    VocabularyFiles NONE = name -> null;

    /**
     * The whole text of a file; null if there is none of that name.
     *
     * @param name a plain file name, without folders
     */
    @Nullable
    String read(String name) throws IOException;

    /** The files of one folder. */
    static VocabularyFiles in(Path folder) {
        return name -> {
            Path file = folder.resolve(name);
            return Files.isRegularFile(file) ? Files.readString(file) : null;
        };
    }
}
