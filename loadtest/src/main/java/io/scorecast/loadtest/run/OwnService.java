package io.scorecast.loadtest.run;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A service that runs for the load test alone, in a process of its own, with a data folder that goes when it ends. */
final class OwnService implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Path folder;
    private final URI url;
    private final Process process;
    private final Thread stop = new Thread(this::end, "stop");

    private OwnService(Path folder, URI url, Process process) {
        this.folder = folder;
        this.url = url;
        this.process = process;
    }

    /**
     * Starts Scorecast as it is without any settings, with a Redis of its own.
     *
     * @param command what runs it: the launcher, or Java with a class path and the main class
     * @param options of {@code serve} besides its port and data
     * @throws LoadTestFailure if it does not get ready
     */
    static OwnService scorecast(List<String> command, List<String> options) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("scorecast-loadtest");
        int port = freePort();
        List<String> line = Stream.of(
                        command,
                        List.of("serve", "--port", Integer.toString(port)),
                        List.of("--data", folder.resolve("data").toString()),
                        options)
                .flatMap(List::stream)
                .toList();
        ProcessBuilder builder = new ProcessBuilder(line);
        // Its Redis must not be anybody else's, and its settings are those that anybody gets.
        Map<String, String> environment = builder.environment();
        environment
                .keySet()
                .removeIf(name -> name.equals("REDIS_URL")
                        || (name.startsWith("SCORECAST_") && !name.equals("SCORECAST_JAVA_OPTS")));
        Path settings = Files.writeString(folder.resolve("application.yml"), "scorecast: {}\n");
        environment.put("SCORECAST_CONFIG", settings.toString());
        return start(folder, port, builder);
    }

    /** Starts {@link BareServer} in a JVM like this one. */
    static OwnService bare(int bodyBytes) throws IOException, InterruptedException {
        int port = freePort();
        return start(
                Files.createTempDirectory("scorecast-loadtest"),
                port,
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        BareServer.class.getName(),
                        Integer.toString(port),
                        Integer.toString(bodyBytes)));
    }

    private static OwnService start(Path folder, int port, ProcessBuilder builder)
            throws IOException, InterruptedException {
        Path log = folder.resolve("service.log");
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        OwnService service = new OwnService(folder, URI.create("http://127.0.0.1:" + port), process);
        Runtime.getRuntime().addShutdownHook(service.stop);
        try {
            service.awaitReady(log);
        } catch (IOException | InterruptedException | RuntimeException e) {
            service.close();
            throw e;
        }
        return service;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private void awaitReady(Path log) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try (ServiceClient client = new ServiceClient(new Target(url, null))) {
            while (!client.isReady()) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    List<String> lines = Files.readAllLines(log);
                    String last = String.join(" / ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
                    throw new LoadTestFailure("the service " + (process.isAlive() ? "did not get ready" : "ended")
                            + "; its last lines: " + last);
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    URI url() {
        return url;
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    /**
     * The process of its Redis.
     *
     * @throws LoadTestFailure if it has none
     */
    ProcessHandle redis() {
        return process.descendants()
                .filter(child -> child.info().command().orElse("").contains("redis-server"))
                .findFirst()
                .orElseThrow(() -> new LoadTestFailure("the service has no Redis of its own"));
    }

    private void end() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroy);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("could not delete " + folder);
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException e) {
            return; // The process ends, and the hook does it.
        }
        end();
    }
}
