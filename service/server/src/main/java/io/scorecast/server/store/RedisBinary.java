package io.scorecast.server.store;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/** Finds programs: {@code redis-server} on the PATH, else the one that comes along. */
final class RedisBinary {

    private RedisBinary() {}

    /**
     * A redis-server.
     *
     * @param folder where the one that comes along is unpacked
     */
    static String server(Path folder) throws IOException {
        String installed = onPath("redis-server");
        return installed == null ? unpacked(folder) : installed;
    }

    /** The one that comes along, unpacked. */
    static String unpacked(Path folder) throws IOException {
        File bin = Files.createDirectories(folder.toAbsolutePath()).toFile();
        return ExecutableProvider.newJarResourceProvider(bin).get().getPath();
    }

    /** Null if it is not installed. */
    static @Nullable String onPath(String program) {
        String path = System.getenv("PATH");
        for (String entry : path == null ? new String[0] : path.split(File.pathSeparator, -1)) {
            Path candidate = Path.of(entry, program);
            if (!entry.isEmpty() && Files.isExecutable(candidate)) {
                return candidate.toString();
            }
        }
        return null;
    }
}
