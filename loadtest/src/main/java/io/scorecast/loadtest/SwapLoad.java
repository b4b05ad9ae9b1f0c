package io.scorecast.loadtest;

import io.scorecast.loadtest.OpenLoop.Outcome;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Swaps under load, the long form: a service of its own, cold scores at half of what it can give, and version after version
 * of one model that is dropped into its repository, proven and served. Started in the root of the repository, with the
 * number of swaps (500 by default). The load runs without swaps before and after.
 */
public final class SwapLoad implements AutoCloseable {

    private static final int CUSTOMERS = 2_000;
    private static final int CALLERS = 16;
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration PHASE = Duration.ofSeconds(60);

    /** After the last event of the made-up customers; scores as of an instant are computed anew each time. */
    private static final String AT = "2026-06-02T00:00:00Z";

    private static final Pattern VERSION = Pattern.compile("\"propensity\":(\\d+)");
    private static final Pattern SCORE = Pattern.compile("\"p_redeem_30d\":([-0-9.eE]+)");
    private static final Pattern CUSTOMER = Pattern.compile("\"customer_id\":\"([^\"]+)\"");

    private final Path home = Path.of(System.getProperty("scorecast.home", ".")).toAbsolutePath();
    private final Path folder = Files.createTempDirectory("scorecast-swaps");
    private final AlternatingVersions versions =
            new AlternatingVersions(home.resolve("models"), folder.resolve("models"));
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** By odd and even version, each customer's one right score. */
    private final List<Map<String, String>> expected = List.of(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());

    private final URI url;
    private final Process service;
    private volatile @Nullable Exception swapFailure;

    private SwapLoad() throws IOException {
        versions.create();
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        url = URI.create("http://127.0.0.1:" + port);
        List<String> command = List.of(
                home.resolve("scorecast").toString(),
                "serve",
                "--port",
                Integer.toString(port),
                "--models",
                folder.resolve("models").toString(),
                "--data",
                folder.resolve("data").toString());
        service = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("service.log").toFile())
                .start();
    }

    public static void main(String[] args) throws Exception {
        int swaps = args.length == 0 ? 500 : Integer.parseInt(args[0]);
        try (SwapLoad load = new SwapLoad()) {
            load.awaitReady();
            load.run(swaps);
        }
    }

    private void run(int swaps) throws Exception {
        loadCustomers();
        learn(1);
        swap(2);
        learn(2);
        try (OpenLoop loop = new OpenLoop(this::question, this::isRight)) {
            double warm = loop.capacity(CALLERS, WARM_UP);
            double capacity = loop.capacity(CALLERS, WARM_UP);
            double rate = capacity / 2;
            say("%.0f cold scores a second (warming up %.0f), asked at %.0f", capacity, warm, rate);
            Outcome before = loop.run(rate, during(PHASE));
            say("before     %s", before.text());
            AtomicBoolean over = new AtomicBoolean();
            Thread swapping = Thread.ofPlatform().start(() -> swapAll(swaps, over));
            Outcome swapped = loop.run(rate, () -> !over.get());
            swapping.join();
            say("%d swaps  %s", swaps, swapped.text());
            Outcome after = loop.run(rate, during(PHASE));
            say("after      %s", after.text());
            double without = (before.quantile(0.99) + after.quantile(0.99)) / 2;
            say("p99 during swaps: %.2f times the p99 without", swapped.quantile(0.99) / without);
        }
        Exception failure = swapFailure;
        if (failure != null) {
            throw failure;
        }
    }

    private void swapAll(int swaps, AtomicBoolean over) {
        long start = System.nanoTime();
        try {
            for (int swap = 1; swap <= swaps; swap++) {
                swap(swap + 2);
                if (swap == 50 || swap % 100 == 0 || swap == swaps) {
                    say(
                            "swap %d after %.0f s: resident %d MB, %s models open",
                            swap, (System.nanoTime() - start) / 1e9, residentMegabytes(), openModels());
                }
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            swapFailure = e;
        } finally {
            over.set(true);
        }
    }

    /** Drops a version, and waits until it serves. */
    private void swap(int version) throws IOException, InterruptedException {
        versions.put(version);
        String answer = send("POST", "/v1/models/rescan", "");
        if (!answer.contains("\"model\":\"propensity\",\"live\":" + version + ",")) {
            throw new IllegalStateException("version " + version + " does not serve: " + answer);
        }
    }

    private static BooleanSupplier during(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        return () -> System.nanoTime() < end;
    }

    private URI question(int number) {
        return url.resolve("/v1/scores/c-" + number % CUSTOMERS + "?at=" + AT);
    }

    private void learn(int version) throws IOException, InterruptedException {
        for (int customer = 0; customer < CUSTOMERS; customer++) {
            String body = send("GET", question(customer).toString(), "");
            expected.get(version % 2).put(find(CUSTOMER, body), find(SCORE, body));
        }
    }

    private boolean isRight(String body) {
        int version = Integer.parseInt(find(VERSION, body));
        String customer = find(CUSTOMER, body);
        String right = expected.get(version % 2).get(customer);
        return body.contains("\"personalized\":true")
                && find(SCORE, body).equals(right)
                && !find(SCORE, body).equals(expected.get(1 - version % 2).get(customer));
    }

    private static String find(Pattern pattern, String body) {
        Matcher found = pattern.matcher(body);
        if (!found.find()) {
            throw new IllegalStateException("no " + pattern + " in " + body);
        }
        return found.group(1);
    }

    private void loadCustomers() throws IOException, InterruptedException {
        List<String> lines = Files.readAllLines(home.resolve("models/propensity/1/sample.ndjson"));
        for (int customer = 0; customer < CUSTOMERS; customer++) {
            String line = lines.get(customer % lines.size());
            String array = line.substring(line.indexOf('['), line.lastIndexOf(']') + 1);
            String named = array.replace("{\"id\":", "{\"customer_id\":\"c-" + customer + "\",\"id\":");
            send("POST", "/v1/events", named);
        }
    }

    private String send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url.resolve(path))
                .timeout(Duration.ofMinutes(1))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(method + " " + path + ": " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    private String openModels() throws IOException, InterruptedException {
        return find(Pattern.compile("(?m)^scorecast_models_open (\\S+)$"), send("GET", "/metrics", ""));
    }

    private long residentMegabytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + service.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        return -1;
    }

    private void awaitReady() throws InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (System.nanoTime() < end && service.isAlive()) {
            try {
                send("GET", "/health/readiness", "");
                return;
            } catch (IOException e) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
        throw new IllegalStateException("the service is not ready; its log is " + folder.resolve("service.log"));
    }

    private static void say(String text, Object... values) {
        System.out.printf(text + "%n", values);
    }

    @Override
    public void close() throws IOException {
        service.destroy();
        try {
            if (!service.waitFor(20, TimeUnit.SECONDS)) {
                service.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            service.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        client.shutdownNow();
        AlternatingVersions.delete(folder);
    }
}
