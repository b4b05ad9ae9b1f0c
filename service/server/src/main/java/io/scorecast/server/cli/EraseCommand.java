package io.scorecast.server.cli;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.InvalidEventException;
import io.scorecast.server.audience.AudienceJobs;
import io.scorecast.server.audience.AudienceSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./scorecast erase}. */
@Command(
        name = "erase",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Erases customers from Redis, also while services run on it: from the one that --redis-url names, else"
                    + " from that of the data folder. Running services stop serving what they have cached within a"
                    + " second. Events of that moment and before are ignored when they come again. Their rows go from the"
                    + " audiences that the data folder holds, too.",
            "If a line is no customer id, nobody is erased and the exit code is 1."
        })
final class EraseCommand implements Callable<Integer> {

    private static final int TOGETHER = 1_000;

    @Option(names = "--ids", required = true, paramLabel = "FILE", description = "Customer ids, one a line.")
    private Path ids;

    @Mixin
    private RedisOptions redis;

    @Mixin
    private AuditOptions audit;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<CustomerId> customers = read();
        long erasedAt = System.currentTimeMillis();
        try (ControlSession session = ControlSession.open(redis)) {
            for (int from = 0; from < customers.size(); from += TOGETHER) {
                List<CustomerId> some = customers.subList(from, Math.min(customers.size(), from + TOGETHER));
                session.store().erase(some, erasedAt);
                session.record("customer.erased", some, audit.key());
            }
        }
        AudienceJobs.erase(
                redis.data().resolve(AudienceSettings.FOLDER),
                customers.stream().map(CustomerId::value).toList());
        spec.commandLine()
                .getOut()
                .printf(Locale.ROOT, "%,d customers erased at %s%n", customers.size(), Instant.ofEpochMilli(erasedAt));
        return 0;
    }

    /** Each once; a line break is no part of an id, and empty lines are none. */
    private List<CustomerId> read() throws IOException {
        Set<CustomerId> customers = new LinkedHashSet<>();
        int number = 0;
        for (String line : Files.readAllLines(ids)) {
            number++;
            if (!line.isBlank()) {
                try {
                    customers.add(CustomerId.of(line.strip()));
                } catch (InvalidEventException e) {
                    throw new CommandFailure(ids + ":" + number + ": " + e.detail() + "; nobody was erased");
                }
            }
        }
        if (customers.isEmpty()) {
            throw new CommandFailure(ids + ": no customer id in it");
        }
        return new ArrayList<>(customers);
    }
}
