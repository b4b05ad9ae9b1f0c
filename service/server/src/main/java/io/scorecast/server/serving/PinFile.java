package io.scorecast.server.serving;

import io.scorecast.engine.model.VersionFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last known pins on disk, for a start while Redis is away. */
final class PinFile {

    private static final Logger LOG = LoggerFactory.getLogger(PinFile.class);

    private final Path file;

    PinFile(Path file) {
        this.file = file;
    }

    Map<String, Integer> read() {
        Map<String, Integer> pins = new TreeMap<>();
        try {
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    String[] parts = line.split(" ", -1);
                    int version = parts.length == 2 ? VersionFolder.parseVersion(parts[1]) : 0;
                    if (version > 0) {
                        pins.put(parts[0], version);
                    }
                }
            }
        } catch (IOException e) {
            LOG.warn("The pins kept in {} cannot be read: {}", file, e.toString());
        }
        return pins;
    }

    void write(Map<String, Integer> pins) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(pins)
                .forEach((model, version) ->
                        text.append(model).append(' ').append(version).append('\n'));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path beside = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(beside, text);
            Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("The pins cannot be kept in {}: {}", file, e.toString());
        }
    }
}
