package io.scorecast.server.serving;

import io.scorecast.engine.scorer.GateReport;
import io.scorecast.engine.scorer.Verdicts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What passed the gate, on disk, so that a start does not prove again what has not changed: a file for each checksum. Its
 * first line names the engine that proved it, and another one does not believe it.
 */
public final class VerdictFolder implements Verdicts {

    private static final Logger LOG = LoggerFactory.getLogger(VerdictFolder.class);

    /** Those used last are kept. */
    private static final int MOST = 200;

    private static final String WARNING = "warning";
    private static final String CHECK = "check";

    private final Path folder;
    private final String engine;

    /**
     * @param engine names what proves versions
     */
    public VerdictFolder(Path folder, String engine) {
        this.folder = folder;
        this.engine = engine;
    }

    @Override
    public @Nullable GateReport passed(String checksum) {
        if (!checksum.matches("[0-9a-f]{64}")) {
            return null;
        }
        Path file = folder.resolve(checksum);
        try {
            List<String> lines = Files.readAllLines(file);
            if (lines.isEmpty() || !lines.getFirst().equals(engine)) {
                return null;
            }
            Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
            return parse(checksum, lines.subList(1, lines.size()));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            LOG.warn("What passed before cannot be read in {}: {}", folder, e.toString());
            return null;
        }
    }

    private static @Nullable GateReport parse(String checksum, List<String> lines) {
        List<String> warnings = new ArrayList<>();
        List<GateReport.Check> checks = new ArrayList<>();
        for (String line : lines) {
            String[] parts = line.split("\t", -1);
            if (parts.length == 2 && parts[0].equals(WARNING)) {
                warnings.add(parts[1]);
            } else if (parts.length == 5 && parts[0].equals(CHECK) && parts[3].matches("\\d{1,18}")) {
                checks.add(new GateReport.Check(
                        parts[1], Boolean.parseBoolean(parts[2]), parts[4], Long.parseLong(parts[3])));
            } else {
                return null; // Not what keep writes.
            }
        }
        return checks.isEmpty() ? null : new GateReport("", checksum, List.of(), warnings, checks);
    }

    @Override
    public void keep(GateReport report) {
        StringBuilder text = new StringBuilder(engine).append('\n');
        for (String warning : report.warnings()) {
            line(text, WARNING, warning);
        }
        for (GateReport.Check check : report.checks()) {
            line(
                    text,
                    CHECK,
                    check.name(),
                    Boolean.toString(check.passed()),
                    Long.toString(check.millis()),
                    check.detail());
        }
        try {
            Files.createDirectories(folder);
            Path beside = folder.resolve(".new");
            Files.writeString(beside, text);
            Files.move(
                    beside,
                    folder.resolve(report.checksum()),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
            forget();
        } catch (IOException e) {
            LOG.warn("What passed cannot be kept in {}; the next start proves it again: {}", folder, e.toString());
        }
    }

    private static void line(StringBuilder text, String... parts) {
        for (int i = 0; i < parts.length; i++) {
            text.append(i == 0 ? "" : "\t").append(parts[i].replaceAll("\\p{Cntrl}", " "));
        }
        text.append('\n');
    }

    private void forget() throws IOException {
        record Kept(Path file, FileTime used) {}

        List<Kept> kept = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                kept.add(new Kept(file, Files.getLastModifiedTime(file)));
            }
        }
        kept.sort(Comparator.comparing(Kept::used).reversed());
        for (Kept old : kept.subList(Math.min(MOST, kept.size()), kept.size())) {
            Files.deleteIfExists(old.file());
        }
    }
}
