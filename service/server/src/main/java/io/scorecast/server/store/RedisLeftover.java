package io.scorecast.server.store;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A Redis that runs on a folder's files, as the folder's note says: process and port. Process ids are used again, so nothing
 * is believed before the Redis itself has said which folder is its own.
 */
record RedisLeftover(long pid, int port) {

    private static final Logger LOG = LoggerFactory.getLogger(RedisLeftover.class);
    private static final String NOTE = "redis.pid";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ANSWER_MILLIS = 2_000;

    /** Writes the note, before anybody can read half of it. */
    void note(Path folder) throws IOException {
        Path draft = folder.resolve(NOTE + ".new");
        Files.writeString(draft, pid + " " + port);
        Files.move(
                draft,
                folder.resolve(NOTE),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    /** Null if there is no note. */
    static @Nullable RedisLeftover of(Path folder) throws IOException {
        Path note = folder.resolve(NOTE);
        if (!Files.exists(note)) {
            return null;
        }
        String[] words = Files.readString(note).strip().split(" ", -1);
        try {
            return new RedisLeftover(Long.parseLong(words[0]), words.length > 1 ? Integer.parseInt(words[1]) : 0);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    static void forget(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(NOTE));
    }

    URI url() {
        return URI.create("redis://127.0.0.1:" + port);
    }

    /** Whether a Redis answers that works on the folder. */
    boolean answersFor(Path folder) {
        try (Jedis redis = connect()) {
            String dir = redis.configGet("dir").get("dir");
            return dir != null && Files.isSameFile(Path.of(dir), folder);
        } catch (JedisException | IOException e) {
            return false;
        }
    }

    private Jedis connect() {
        return new Jedis(
                new HostAndPort("127.0.0.1", port),
                DefaultJedisClientConfig.builder()
                        .connectionTimeoutMillis(ANSWER_MILLIS)
                        .socketTimeoutMillis(ANSWER_MILLIS)
                        .autoNegotiateProtocol(false)
                        .build());
    }

    /**
     * Stops it, if it still runs on the folder.
     *
     * @throws IOException if it may still run: two must never write the same files
     */
    void stop(Path folder) throws IOException {
        Optional<ProcessHandle> running = ProcessHandle.of(pid)
                .filter(found -> found.info().command().orElse("").contains("redis-server"));
        if (running.isEmpty()) {
            return;
        }
        ProcessHandle process = running.get();
        // Just started or stopping, it may not answer at once.
        if (!within(PATIENCE, () -> !process.isAlive() || answersFor(folder) || answersForAnother(folder))) {
            throw new IOException("process " + pid + " may be a Redis that an earlier run left behind on " + folder
                    + ", and does not answer; stop it first");
        }
        if (!process.isAlive() || answersForAnother(folder)) {
            return;
        }
        LOG.info("Stopping a Redis that an earlier run left behind");
        process.destroy();
        try {
            process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw new IOException("a Redis of an earlier run still uses " + folder + " and does not stop", e);
            }
            throw e;
        }
    }

    /** Whether the port is that of a Redis with other files. */
    private boolean answersForAnother(Path folder) {
        try (Jedis redis = connect()) {
            String dir = redis.configGet("dir").get("dir");
            return dir != null && !Files.isSameFile(Path.of(dir), folder);
        } catch (JedisException | IOException e) {
            return false;
        }
    }

    /** Asks again and again. */
    static boolean within(Duration limit, BooleanSupplier condition) throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for Redis", e);
            }
        }
        return true;
    }
}
