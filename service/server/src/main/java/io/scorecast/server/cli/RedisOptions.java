package io.scorecast.server.cli;

import io.scorecast.server.store.RedisClients;
import io.scorecast.server.store.RedisStore;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which Redis: one that is named, or the embedded one of a data folder. */
final class RedisOptions {

    @Option(
            names = "--redis-url",
            paramLabel = "URL",
            description = "redis:// or rediss://. Default: a Redis of its own, in the data folder")
    private @Nullable String redis;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${sys:scorecast.home:-.}/.scorecast/data",
            description = "Where a Redis of its own keeps its files. Default: .scorecast/data beside ./scorecast")
    private Path data;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Null for the embedded one. */
    @Nullable
    URI url() {
        if (redis == null || redis.isEmpty()) {
            return null;
        }
        try {
            return URI.create(redis);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "--redis-url is no URL; expected redis://host:port or rediss://host:port", e);
        }
    }

    Path data() {
        return data;
    }

    /**
     * Opens the store at a URL.
     *
     * @throws CommandFailure if it is no URL of a Redis
     */
    static RedisStore open(URI url) {
        try {
            return RedisClients.open(url);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure("--redis-url (or REDIS_URL): " + e.getMessage());
        }
    }
}
