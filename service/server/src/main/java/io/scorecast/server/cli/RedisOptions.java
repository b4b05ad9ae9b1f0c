package io.scorecast.server.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.scorecast.server.store.EmbeddedRedis;
import io.scorecast.server.store.Fsync;
import io.scorecast.server.store.RedisClients;
import io.scorecast.server.store.RedisStore;
import io.scorecast.server.store.StoreMeters;
import io.scorecast.server.store.StoreSettings;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which Redis, one that is named or the embedded one of a data folder, and how it is used. */
final class RedisOptions {

    @Option(
            names = "--redis-url",
            paramLabel = "URL",
            description =
                    "redis://, redis+cluster:// or redis+sentinel://, with rediss for TLS. Default: a Redis of its"
                            + " own, in the data folder")
    private @Nullable String redis;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${sys:scorecast.home:-.}/.scorecast/data",
            description = "Where a Redis of its own keeps its files. Default: .scorecast/data beside ./scorecast")
    private Path data;

    @Mixin
    private StoreOptions store;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** At {@link ServiceSettings#EMBEDDED} for a Redis of its own. */
    StoreSettings store() {
        return store.settings(redis == null || redis.isEmpty() ? ServiceSettings.EMBEDDED : url(redis));
    }

    private URI url(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            // Its own message would repeat the password.
            throw new ParameterException(
                    spec.commandLine(), "--redis-url is no URL; expected redis://host:port or rediss://host:port", e);
        }
    }

    Path data() {
        return data;
    }

    Fsync fsync() {
        return store.fsync();
    }

    /** Work on a store. */
    @FunctionalInterface
    interface Use<T> {
        T on(RedisStore store) throws IOException, InterruptedException;
    }

    /** Works on the store of the Redis that is named, or of the embedded one of the data folder, which may be started for it. */
    <T> T use(Use<T> work) throws IOException, InterruptedException {
        StoreSettings settings = store();
        if (!settings.redis().equals(ServiceSettings.EMBEDDED)) {
            return use(work, settings);
        }
        try (EmbeddedRedis embedded = EmbeddedRedis.start(data.resolve("redis"), fsync())) {
            return use(work, settings.at(embedded.url()));
        }
    }

    private static <T> T use(Use<T> work, StoreSettings settings) throws IOException, InterruptedException {
        try (RedisStore opened = open(settings, new StoreMeters(new SimpleMeterRegistry()))) {
            opened.ping();
            return work.on(opened);
        }
    }

    /**
     * Opens the store.
     *
     * @throws CommandFailure if its URL is none of a Redis
     */
    static RedisStore open(StoreSettings settings, StoreMeters meters) {
        try {
            return RedisClients.open(settings, meters);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure("--redis-url (or REDIS_URL): " + e.getMessage());
        }
    }
}
