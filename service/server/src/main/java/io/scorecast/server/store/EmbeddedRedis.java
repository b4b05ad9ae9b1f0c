package io.scorecast.server.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Redis of our own: {@code redis-server} from the PATH, else the binary that comes along. Keeps its append-only file
 * in a folder, listens on loopback alone, is started again when it dies and stopped with the process. The folder is locked,
 * so that two processes never run one each on the same files: the second one uses the first one's.
 */
public final class EmbeddedRedis implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRedis.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final String LOCK_FILE = "lock";
    private static final String LOG_FILE = "redis.log";

    private final Path folder;
    private final Fsync fsync;
    private final String binary;
    private final int port;
    private final @Nullable FileChannel lock;
    private @Nullable Process process;
    private volatile boolean closed;

    private EmbeddedRedis(Path folder, Fsync fsync, String binary, int port, @Nullable FileChannel lock) {
        this.folder = folder;
        this.fsync = fsync;
        this.binary = binary;
        this.port = port;
        this.lock = lock;
    }

    /** Starts one that writes through once a second. */
    public static EmbeddedRedis start(Path folder) throws IOException {
        return start(folder, Fsync.EVERYSEC);
    }

    /**
     * Starts one and waits until it answers. Where another process has one on the same folder, gives that one, which stays
     * that process's.
     *
     * @param folder where its files are; made if it is missing
     * @throws IOException if it cannot be started
     */
    public static EmbeddedRedis start(Path folder, Fsync fsync) throws IOException {
        Path real = Files.createDirectories(folder).toRealPath();
        FileChannel lock = lock(real);
        if (lock == null) {
            return another(real, fsync);
        }
        boolean started = false;
        try {
            RedisLeftover leftover = RedisLeftover.of(real);
            if (leftover != null) {
                leftover.stop(real);
            }
            EmbeddedRedis redis =
                    new EmbeddedRedis(real, fsync, RedisBinary.server(real.resolve("bin")), freePort(), lock);
            redis.launch();
            redis.awaitAnswer();
            started = true;
            return redis;
        } finally {
            if (!started) {
                lock.close();
            }
        }
    }

    /** Null if another process has it. It ends with the process, however that ends. */
    private static @Nullable FileChannel lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // This process has it already.
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        return lock == null ? null : channel;
    }

    private static EmbeddedRedis another(Path folder, Fsync fsync) throws IOException {
        int[] port = {0};
        boolean found = RedisLeftover.within(START_LIMIT, () -> {
            try {
                RedisLeftover running = RedisLeftover.of(folder);
                port[0] = running == null ? 0 : running.port();
                return running != null && running.answersFor(folder);
            } catch (IOException e) {
                return false;
            }
        });
        if (!found) {
            throw new IOException("another process uses " + folder + ", but its Redis does not answer");
        }
        LOG.debug("Using the Redis that another process runs on the same folder");
        return new EmbeddedRedis(folder, fsync, "", port[0], null);
    }

    /** Whether a process has one in the folder. */
    public static boolean isInUse(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        FileChannel lock = lock(folder.toRealPath());
        if (lock == null) {
            return true;
        }
        lock.close();
        return false;
    }

    public URI url() {
        return URI.create("redis://127.0.0.1:" + port);
    }

    /** Whether this process runs it, and not another one. */
    public boolean isOwn() {
        return lock != null;
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        String apart = RedisBinary.onPath("setsid");
        if (apart != null) {
            // Ctrl-C goes to all processes of a terminal; this one is stopped by us, after the requests under way.
            command.add(apart);
        }
        command.addAll(List.of(
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
                fsync.word(),
                "--save",
                "",
                "--maxmemory-policy",
                "noeviction",
                "--loglevel",
                "warning"));
        return command;
    }

    private void launch() throws IOException {
        Process started = spawn();
        Thread guard = new Thread(() -> guard(started), "embedded-redis-guard");
        guard.setDaemon(true);
        guard.start();
    }

    private synchronized Process spawn() throws IOException {
        Process started = new ProcessBuilder(command())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(LOG_FILE).toFile()))
                .start();
        process = started;
        new RedisLeftover(started.pid(), port).note(folder);
        return started;
    }

    /** Starts another when this one ends without being asked to; ever more slowly if it ends at once each time. */
    private void guard(Process first) {
        Process watched = first;
        Duration pause = FIRST_PAUSE;
        try {
            while (true) {
                long begin = System.nanoTime();
                int code = watched.waitFor();
                if (System.nanoTime() - begin > LONGEST_PAUSE.toNanos()) {
                    pause = FIRST_PAUSE;
                }
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
                if (closed) {
                    return;
                }
                LOG.warn("The embedded Redis ended with code {}; starting it again", code);
                watched = relaunch(watched);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Process relaunch(Process ended) {
        try {
            return closed ? ended : spawn();
        } catch (IOException e) {
            LOG.error("The embedded Redis cannot be started again", e);
            return ended;
        }
    }

    private void awaitAnswer() throws IOException {
        Process started = process;
        RedisLeftover self = new RedisLeftover(0, port);
        boolean answers = RedisLeftover.within(START_LIMIT, () -> self.answersFor(folder) && isLoaded());
        if (!answers) {
            close();
            throw new IOException("the embedded Redis" + (started == null ? "" : " (process " + started.pid() + ")")
                    + " does not answer; its log is " + folder.resolve(LOG_FILE));
        }
    }

    private boolean isLoaded() {
        try (RedisStore probe = RedisClients.open(url())) {
            probe.ping();
            return true;
        } catch (StoreUnavailableException e) {
            return false;
        }
    }

    /** Stops it if it is our own, and waits until its files are written. */
    @Override
    public void close() {
        Process running;
        synchronized (this) {
            closed = true;
            running = process;
        }
        try {
            if (running != null) {
                running.destroy();
                if (!running.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    running.destroyForcibly().waitFor();
                }
                RedisLeftover.forget(folder);
            }
            if (lock != null) {
                lock.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("The embedded Redis did not stop cleanly", e);
        }
    }
}
