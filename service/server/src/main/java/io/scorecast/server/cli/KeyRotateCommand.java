package io.scorecast.server.cli;

import io.scorecast.server.security.KeyRegistry.Made;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./scorecast key rotate}. */
@Command(
        name = "rotate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Gives a key another secret and writes the key, and nothing else, on standard output. Its id, name and"
                    + " scopes stay.",
            "The secret before, and tokens signed with it, count for the overlap; one before that ends at once."
        })
final class KeyRotateCommand implements Callable<Integer> {

    @Parameters(paramLabel = "KEY", description = "The id or the name of the key.")
    private String key;

    @Option(
            names = "--overlap",
            paramLabel = "SPAN",
            defaultValue = "7d",
            converter = LifetimeConverter.class,
            description = "How long the secret before still counts; 0 ends it at once. Default: ${DEFAULT-VALUE}")
    private Duration overlap;

    @Mixin
    private RedisOptions redis;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        try (ControlSession session = ControlSession.open(redis)) {
            Made made = session.keys().rotate(key, overlap);
            Instant until = Instant.ofEpochMilli(made.key().previousUntil());
            session.record("key.rotated", made.key().name(), "the secret before counts until " + until);
            spec.commandLine()
                    .getErr()
                    .println("Key '" + made.key().name() + "' has another secret; the one before counts until " + until
                            + ". It is shown this once:");
            spec.commandLine().getOut().println(made.text().text());
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
        return 0;
    }
}
