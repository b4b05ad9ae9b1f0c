package io.scorecast.server.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A redis-server of a test, from the binary that comes along: started, killed, paused, started again on the same files. */
public final class RedisProcess implements AutoCloseable {

    private final Path folder;
    private final int port;
    private final List<String> command;
    private Process process;

    private RedisProcess(Path folder, int port, List<String> command) {
        this.folder = folder;
        this.port = port;
        this.command = command;
    }

    /** A server with an append-only file in the folder. */
    public static RedisProcess server(Path folder, String... options) {
        int port = freePort();
        List<String> all = new ArrayList<>(List.of("--dir", folder.toString(), "--save", "", "--appendonly", "yes"));
        all.addAll(List.of(options));
        return start(folder, port, all);
    }

    /** A Sentinel, or anything else that takes a configuration file first. */
    static RedisProcess start(Path folder, int port, List<String> options) {
        try {
            Files.createDirectories(folder);
            List<String> command = new ArrayList<>(
                    List.of(RedisBinary.unpacked(Path.of("target", "redis").toAbsolutePath())));
            command.addAll(options);
            command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
            RedisProcess redis = new RedisProcess(folder, port, command);
            redis.launch();
            return redis;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Below those that the system gives to outgoing connections, one of which could take it before Redis does. */
    static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 22_000);
            // The bus of a cluster's node is 10,000 above.
            if (isFree(port) && isFree(port + 10_000)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Starts it, again if it was killed, and waits until it answers. */
    public void launch() {
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("out-" + port + ".log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean answers = false;
        try {
            await("Redis answers", this::answers);
            answers = true;
        } finally {
            if (!answers) {
                close();
            }
        }
    }

    private boolean answers() {
        try (Jedis redis = jedis()) {
            return "PONG".equals(redis.ping());
        } catch (JedisException e) {
            return false;
        }
    }

    /** Waits for something that must come about. */
    public static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("in vain: " + what);
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    int port() {
        return port;
    }

    public URI url() {
        return URI.create("redis://127.0.0.1:" + port);
    }

    Jedis jedis() {
        return new Jedis(
                new HostAndPort("127.0.0.1", port),
                DefaultJedisClientConfig.builder()
                        .socketTimeoutMillis(10_000)
                        .autoNegotiateProtocol(false)
                        .build());
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        join();
    }

    private void join() {
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                throw new AssertionError("Redis does not end");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Lets it hang: connections are taken by the system, and nothing is answered. */
    public void pause() {
        signal("STOP");
    }

    public void unpause() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        join();
    }
}
