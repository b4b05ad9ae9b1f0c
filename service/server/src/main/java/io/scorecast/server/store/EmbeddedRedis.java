package io.scorecast.server.store;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis of our own: {@code redis-server} from the PATH, else the binary that comes along. Keeps its append-only file
 * in a folder, listens on loopback alone, is started again when it dies and stopped with the process.
 */
public final class EmbeddedRedis implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRedis.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration RESTART_PAUSE = Duration.ofMillis(200);
    private static final String PID_FILE = "redis.pid";
    private static final String URL_FILE = "redis.url";

    private final Path folder;
    private final String binary;
    private final int port;
    private final URI url;
    private @Nullable Process process;
    private boolean closed;

    /** Null if it is another process's, which then starts and stops it. */
    private final @Nullable FolderLock lock;

    private EmbeddedRedis(Path folder, String binary, int port, @Nullable FolderLock lock) {
        this.folder = folder;
        this.binary = binary;
        this.port = port;
        this.url = URI.create("redis://127.0.0.1:" + port);
        this.lock = lock;
    }

    /**
     * Starts one and waits until it answers.
     *
     * @param folder where its files are; made if it is missing
     * @throws IOException if it cannot be started, or if another process runs one there
     */
    public static EmbeddedRedis start(Path folder) throws IOException {
        Files.createDirectories(folder);
        FolderLock lock = FolderLock.tryTake(folder);
        if (lock == null) {
            throw new IOException("another Scorecast runs on the data folder " + folder.getParent()
                    + "; stop it, or name another folder with --data");
        }
        return start(folder, lock);
    }

    /**
     * Takes the one that another process runs in the folder, which closing leaves alone; else starts one.
     *
     * @param folder where its files are; made if it is missing
     * @throws IOException if there is none that answers
     */
    public static EmbeddedRedis startOrJoin(Path folder) throws IOException {
        Files.createDirectories(folder);
        FolderLock lock = FolderLock.tryTake(folder);
        if (lock != null) {
            return start(folder, lock);
        }
        // The other may have taken the lock just now: its Redis, and the file that tells of it, take a moment.
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!Files.exists(folder.resolve(URL_FILE))) {
            if (System.nanoTime() > end) {
                throw new IOException("another Scorecast uses " + folder + ", but runs no Redis there");
            }
            pause();
        }
        URI url = URI.create(Files.readString(folder.resolve(URL_FILE)).strip());
        EmbeddedRedis redis = new EmbeddedRedis(folder.toAbsolutePath(), "", url.getPort(), null);
        redis.awaitAnswer();
        return redis;
    }

    /** Whether a process runs one in the folder. */
    public static boolean isInUse(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        FolderLock lock = FolderLock.tryTake(folder);
        if (lock == null) {
            return true;
        }
        lock.close();
        return false;
    }

    private static EmbeddedRedis start(Path folder, FolderLock lock) throws IOException {
        EmbeddedRedis redis = null;
        try {
            endForgotten(folder);
            Files.deleteIfExists(folder.resolve(URL_FILE));
            redis = new EmbeddedRedis(folder.toAbsolutePath(), binary(folder), freePort(), lock);
            redis.launch();
            redis.awaitAnswer();
            Files.writeString(folder.resolve(URL_FILE), redis.url.toString());
            return redis;
        } catch (IOException | RuntimeException e) {
            if (redis != null) {
                redis.close();
            }
            lock.close();
            throw e;
        }
    }

    public URI url() {
        return url;
    }

    /** One that a killed process left behind holds the same files: two must never write them. */
    private static void endForgotten(Path folder) throws IOException {
        Path file = folder.resolve(PID_FILE);
        if (!Files.exists(file)) {
            return;
        }
        Optional<ProcessHandle> forgotten = ProcessHandle.of(
                        Long.parseLong("0" + Files.readString(file).strip()))
                .filter(found -> found.info().command().orElse("").contains("redis-server"));
        if (forgotten.isPresent()) {
            LOG.info("Stopping a Redis that an earlier run left behind");
            forgotten.get().destroy();
            try {
                forgotten.get().onExit().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                throw new IOException("a Redis of an earlier run still uses " + folder + " and does not stop", e);
            }
        }
    }

    private static String binary(Path folder) throws IOException {
        String path = System.getenv("PATH");
        for (String entry : path == null ? new String[0] : path.split(File.pathSeparator, -1)) {
            Path candidate = Path.of(entry, "redis-server");
            if (!entry.isEmpty() && Files.isExecutable(candidate)) {
                return candidate.toString();
            }
        }
        File extracted = Files.createDirectories(folder.resolve("bin").toAbsolutePath())
                .resolve("redis-server")
                .toFile();
        if (!extracted.canExecute()) {
            return ExecutableProvider.newJarResourceProvider(extracted.getParentFile())
                    .get()
                    .getPath();
        }
        return extracted.getPath();
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private synchronized void launch() throws IOException {
        if (closed) {
            return;
        }
        List<String> command = List.of(
                binary,
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--appendonly",
                "yes",
                "--appendfsync",
                "everysec",
                "--save",
                "",
                "--maxmemory-policy",
                "noeviction",
                "--loglevel",
                "warning");
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("redis.log").toFile())
                .start();
        process = started;
        Files.writeString(folder.resolve(PID_FILE), Long.toString(started.pid()));
        Thread guard = new Thread(() -> guard(started), "embedded-redis-guard");
        guard.setDaemon(true);
        guard.start();
    }

    /** Starts another when this one ends without being asked to. */
    private void guard(Process watched) {
        try {
            int code = watched.waitFor();
            Thread.sleep(RESTART_PAUSE);
            synchronized (this) {
                if (!closed) {
                    LOG.warn("The embedded Redis ended with code {}; starting it again", code);
                    launch();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.error("The embedded Redis cannot be started again", e);
        }
    }

    private void awaitAnswer() throws IOException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        try (RedisStore probe = RedisClients.open(url)) {
            while (true) {
                try {
                    probe.ping();
                    return;
                } catch (StoreUnavailableException e) {
                    if (System.nanoTime() > end) {
                        close();
                        throw new IOException(
                                "the embedded Redis does not answer; its log is " + folder.resolve("redis.log"));
                    }
                    pause();
                }
            }
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while Redis was starting", e);
        }
    }

    /** Stops it, and waits until its files are written. */
    @Override
    public void close() {
        Process running;
        synchronized (this) {
            closed = true;
            running = process;
        }
        if (running == null) {
            return;
        }
        running.destroy();
        try {
            if (!running.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                running.destroyForcibly();
            }
            Files.deleteIfExists(folder.resolve(PID_FILE));
            Files.deleteIfExists(folder.resolve(URL_FILE));
            if (lock != null) {
                lock.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("The files that tell of the embedded Redis could not be removed", e);
        }
    }
}
