package io.scorecast.server.cli;

import io.scorecast.server.store.EmbeddedRedis;
import io.scorecast.server.store.RedisClients;
import io.scorecast.server.store.RedisStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The Redis that a command works on: the one named, else that of the data folder, which is started if nobody did. */
final class CommandRedis {

    @Option(
            names = "--redis-url",
            paramLabel = "URL",
            defaultValue = "${env:REDIS_URL}",
            description = "redis:// or rediss://. Default: the Redis of the data folder")
    private @Nullable String url;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${env:SCORECAST_DATA:-${sys:scorecast.home:-.}/.scorecast/data}",
            description = "Where a Redis of its own keeps its files. Default: .scorecast/data beside ./scorecast")
    private Path data;

    /** An open store, and the Redis that was started for it. */
    record Opened(@Nullable RedisStore store, @Nullable EmbeddedRedis started) implements AutoCloseable {

        static final Opened NONE = new Opened(null, null);

        @Override
        public void close() {
            if (store != null) {
                store.close();
            }
            if (started != null) {
                started.close();
            }
        }
    }

    /** Opens it. */
    Opened open() throws IOException {
        if (url != null && !url.isEmpty()) {
            return new Opened(RedisClients.open(URI.create(url)), null);
        }
        Path folder = data.resolve("redis");
        URI running = running(folder);
        if (running != null) {
            return new Opened(RedisClients.open(running), null);
        }
        EmbeddedRedis started = EmbeddedRedis.start(folder);
        return new Opened(RedisClients.open(started.url()), started);
    }

    /** That of a service that runs on this folder; null if none does. */
    private static @Nullable URI running(Path folder) throws IOException {
        Path file = folder.resolve("redis.pid");
        if (!Files.exists(file)) {
            return null;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(
                Long.parseLong("0" + Files.readString(file).strip().split("\\s", 2)[0]));
        List<String> arguments = process.flatMap(found -> found.info().arguments())
                .map(Arrays::asList)
                .orElse(List.of());
        for (String argument : arguments) {
            // Redis renames itself to "redis-server 127.0.0.1:6379".
            int colon = argument.lastIndexOf(':');
            if (colon >= 0 && argument.substring(colon + 1).matches("\\d{2,5}")) {
                return URI.create("redis://127.0.0.1:" + argument.substring(colon + 1));
            }
        }
        int port = arguments.indexOf("--port");
        return port < 0 || port + 1 >= arguments.size()
                ? null
                : URI.create("redis://127.0.0.1:" + arguments.get(port + 1));
    }
}
