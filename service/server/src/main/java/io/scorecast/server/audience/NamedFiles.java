package io.scorecast.server.audience;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The files of this machine that requests may name: those below one folder, also after every link is followed. */
public final class NamedFiles {

    private final Path folder;

    public NamedFiles(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /**
     * Finds a file by its path, absolute or from the folder on.
     *
     * @param field of the request, to blame
     * @throws AudienceException if it is not there, or outside
     * @throws IOException if the folder cannot be read
     */
    public Path find(String field, String name) throws IOException {
        Path path;
        try {
            path = folder.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw new AudienceException(field, "is no path of a file");
        }
        if (!path.startsWith(folder)) {
            throw outside(field);
        }
        if (!Files.isRegularFile(path)) {
            throw new AudienceException(field, "there is no such file in the folder of files that requests may name");
        }
        Path real = path.toRealPath();
        if (!real.startsWith(folder.toRealPath())) {
            throw outside(field);
        }
        return real;
    }

    private static AudienceException outside(String field) {
        return new AudienceException(field, "is outside the folder of files that requests may name (--audience-files)");
    }
}
