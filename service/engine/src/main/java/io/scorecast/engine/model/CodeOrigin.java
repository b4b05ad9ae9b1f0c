package io.scorecast.engine.model;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where classes were loaded from, to tell one build or release from another. */
public final class CodeOrigin {

    private CodeOrigin() {}

    /**
     * Name and size of the jar that a library's class comes from.
     *
     * @throws IOException if it is not known
     */
    public static String release(Class<?> type) throws IOException {
        Path place = place(type);
        return place.getFileName() + " " + Files.size(place);
    }

    /**
     * Digests the jar that a class comes from, or every file of the folder.
     *
     * @throws IOException if it is not known
     */
    public static void digest(Class<?> type, MessageDigest digest) throws IOException {
        Path place = place(type);
        List<Path> files;
        try (Stream<Path> found = Files.walk(place)) {
            files = found.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            digest.update(Files.readAllBytes(file));
        }
    }

    private static Path place(Class<?> type) throws IOException {
        @Nullable CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            throw new IOException("nothing says where " + type.getName() + " comes from");
        }
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new IOException("no file: " + source.getLocation(), e);
        }
    }
}
