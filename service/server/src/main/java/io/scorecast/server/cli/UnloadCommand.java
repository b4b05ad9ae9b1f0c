package io.scorecast.server.cli;

import io.scorecast.server.store.RedisStore;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./scorecast unload}. */
@Command(
        name = "unload",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Writes the events that Redis holds into a file that load, features and train take, also while services run"
                    + " on it: from the one that --redis-url names, else from that of the data folder, which is started for"
                    + " as long as it takes if no service runs there.",
            "Customers who object to profiling are left out, and so are events from before an erasure. The file holds"
                    + " personal data: keep it as Redis itself, and no longer than it is needed."
        })
final class UnloadCommand implements Callable<Integer> {

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "FILE.ndjson, or FILE.ndjson.gz.")
    private Path out;

    @Option(
            names = "--consent-required",
            paramLabel = "true|false",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            description = "Only customers who have permitted profiling; else all who have not objected")
    private boolean consentRequired;

    @Option(names = "--everybody", description = "Also who objects to profiling: for a copy, not for training.")
    private boolean everybody;

    @Mixin
    private RedisOptions redis;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        String name = out.getFileName().toString();
        if (!name.endsWith(".ndjson") && !name.endsWith(".ndjson.gz")) {
            throw new ParameterException(
                    spec.commandLine(), "--out must end in .ndjson or .ndjson.gz, not '" + name + "'");
        }
        Path partial = out.resolveSibling(name + ".part");
        try (ControlSession session = ControlSession.open(redis)) {
            EventDump dump = write(session.store(), partial, name.endsWith(".gz"));
            Files.move(partial, out, StandardCopyOption.REPLACE_EXISTING);
            session.record("customers.unloaded", "events", dump.customers() + " customers");
            spec.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "%,d events of %,d customers written; %,d customers left out%n",
                            dump.events(),
                            dump.customers(),
                            dump.leftOut());
            return 0;
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private EventDump write(RedisStore store, Path file, boolean gzip) throws IOException {
        EventDump dump = new EventDump(everybody, consentRequired);
        try (OutputStream bytes = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
                OutputStream lines = gzip ? new GZIPOutputStream(bytes, 1 << 16) : bytes) {
            dump.write(store, lines);
        }
        return dump;
    }
}
