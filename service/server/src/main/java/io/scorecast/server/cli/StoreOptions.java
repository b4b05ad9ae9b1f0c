package io.scorecast.server.cli;

import io.scorecast.engine.profile.LogLimits;
import io.scorecast.server.store.Fsync;
import io.scorecast.server.store.StoreSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How profiles and predictions are kept: for every command that opens the store. */
final class StoreOptions {

    @Option(
            names = "--predictions-redis-url",
            paramLabel = "URL",
            description = "Another Redis for kept predictions, which may evict. Default: the one of the profiles")
    private @Nullable String predictions;

    @Option(
            names = "--redis-prefix",
            paramLabel = "PREFIX",
            defaultValue = StoreSettings.DEFAULT_PREFIX,
            description = "What all keys begin with. Default: ${DEFAULT-VALUE}")
    private String prefix;

    @Option(
            names = "--id-key",
            paramLabel = "TEXT",
            description = "Secret that makes the ids of customers unreadable in Redis, the same for every instance and"
                    + " command, at least 32 random characters. Default: ids stand there as they are")
    private @Nullable String idKey;

    @Option(
            names = "--redis-timeout",
            paramLabel = "MS",
            defaultValue = "2000",
            description = "Milliseconds to wait for an answer of Redis. Default: ${DEFAULT-VALUE}")
    private long timeout;

    @Option(
            names = "--redis-connections",
            paramLabel = "N",
            defaultValue = "" + StoreSettings.DEFAULT_CONNECTIONS,
            description = "The most connections to a Redis server. Default: ${DEFAULT-VALUE}")
    private int connections;

    @Option(
            names = "--redis-fsync",
            paramLabel = "always|everysec",
            defaultValue = "everysec",
            description = "When a Redis of its own writes through to the disk. Default: ${DEFAULT-VALUE}")
    private Fsync fsync;

    @Option(
            names = "--max-profile-events",
            paramLabel = "N",
            defaultValue = "20000",
            description = "A profile of more events loses the oldest. Default: ${DEFAULT-VALUE}")
    private int maxEvents;

    @Option(
            names = "--max-profile-bytes",
            paramLabel = "N",
            defaultValue = "2097152",
            description = "A profile of more bytes loses the oldest events. Default: ${DEFAULT-VALUE}")
    private int maxBytes;

    @Option(
            names = "--compact-from",
            paramLabel = "BYTES",
            defaultValue = "" + StoreSettings.DEFAULT_COMPACT_FROM,
            description = "Shorter profile logs are not compacted. Default: ${DEFAULT-VALUE}")
    private int compactFrom;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** When a Redis of our own writes through. */
    Fsync fsync() {
        return fsync;
    }

    /**
     * Settings for the Redis at a URL.
     *
     * @throws ParameterException if an option is wrong
     */
    StoreSettings settings(URI redis) {
        try {
            return new StoreSettings(
                            redis,
                            predictions == null || predictions.isEmpty() ? null : url(predictions),
                            prefix,
                            Duration.ofMillis(timeout),
                            connections,
                            new LogLimits(maxEvents, maxBytes),
                            compactFrom)
                    .idKey(idKey);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static URI url(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            // Its own message would repeat the password.
            throw new IllegalArgumentException("--predictions-redis-url is no URL", e);
        }
    }
}
