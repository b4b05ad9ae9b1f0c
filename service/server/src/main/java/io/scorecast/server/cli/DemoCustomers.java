package io.scorecast.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes the events of the demo's customers: the households that training never saw, by the launcher's Python; where that
 * cannot be, or is not wanted, made-up ones.
 */
final class DemoCustomers {

    private static final int MADE_UP = 500;

    private final Path folder;
    private final PrintWriter err;

    DemoCustomers(Path folder, PrintWriter err) {
        this.folder = folder;
        this.err = err;
    }

    /** Events that are written, and what they are. */
    record Made(Path file, DemoData data) {}

    Made make(boolean synthetic) throws IOException {
        if (!synthetic) {
            Path file = folder.resolve("events.parquet");
            DemoData households = households(file);
            if (households != null) {
                return new Made(file, households);
            }
            err.println("scorecast demo: so it uses made-up customers; the lines above say why");
        }
        Path file = folder.resolve("events.ndjson");
        return new Made(file, MadeUpShoppers.write(file, MADE_UP, System.currentTimeMillis()));
    }

    /** Null if they cannot be had; the reason has then been said on standard error. */
    private @Nullable DemoData households(Path file) throws IOException {
        String home = System.getProperty("scorecast.home");
        if (home == null) {
            err.println("scorecast demo: real customers need the launcher ./scorecast, which prepares Python");
            return null;
        }
        Process process = new ProcessBuilder(
                        Path.of(home, "scorecast").toString(), "demo-events", "--out", file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream out = process.getInputStream()) {
            String summary = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 && Files.exists(file) ? DemoData.parse("demo-events", summary) : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while the customers were made");
        } finally {
            stop(process);
        }
    }

    private static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
