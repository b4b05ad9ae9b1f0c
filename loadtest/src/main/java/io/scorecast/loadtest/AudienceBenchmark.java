package io.scorecast.loadtest;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.server.store.EmbeddedRedis;
import io.scorecast.server.store.ProfileStore.Append;
import io.scorecast.server.store.RedisClients;
import io.scorecast.server.store.RedisStore;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/**
 * How fast an audience is scored: customers made up here, in a Redis of their own and in an events file, scored by {@code
 * audience score} as users run it, in a Java of its own with 512 MB of heap. Beside it the rate at which the same profiles
 * can be read at all.
 *
 * <p>Arguments: an empty folder, the number of customers, the number of those that the events file has, and options for the
 * Java that scores.
 */
public final class AudienceBenchmark {

    private static final int TOGETHER = 256;

    /** Customers whose rows are compared with what REST answers. */
    private static final int COMPARED = 10_000;

    private final Path folder;
    private final Path models;
    private final List<String> options;

    private AudienceBenchmark(Path folder, List<String> options) {
        this.folder = folder;
        this.models = folder.resolve("models");
        this.options = options;
    }

    /** Runs it. */
    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        if (args.length < 3) {
            System.err.println("usage: AudienceBenchmark FOLDER CUSTOMERS CUSTOMERS_IN_FILE [JAVA_OPTION...]");
            System.exit(2);
        }
        int customers = Integer.parseInt(args[1]);
        int inFile = Integer.parseInt(args[2]);
        AudienceBenchmark benchmark = new AudienceBenchmark(
                Files.createDirectories(Path.of(args[0])), List.of(args).subList(3, args.length));
        for (List<String> words : AudienceModels.write(benchmark.folder, benchmark.models)) {
            benchmark.scorecast(words);
        }
        if (inFile > 0) {
            benchmark.fromFile(inFile);
        }
        try (EmbeddedRedis redis = EmbeddedRedis.start(benchmark.folder.resolve("redis"))) {
            load(redis.url(), customers);
            for (int threads = 1; threads <= 2; threads++) {
                long start = System.nanoTime();
                long bytes = bareRead(redis.url(), customers, threads);
                report("bare pipelined read, " + threads + " connections", customers, start);
                System.out.printf(Locale.ROOT, "%,d bytes a profile%n", bytes / customers);
            }
            for (int i = 0; i < 2; i++) {
                benchmark.fromRedis(redis.url(), customers, "redis-" + i);
            }
            benchmark.compare(redis.url(), customers, "redis-1");
        }
    }

    private static void report(String what, int customers, long start) {
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%s: %,d customers in %.2f s, %,.0f a second%n",
                what,
                customers,
                seconds,
                customers / seconds);
    }

    private void fromFile(int customers) throws IOException, InterruptedException {
        Path events = folder.resolve("events.ndjson");
        MadeUpShop shop = new MadeUpShop();
        try (BufferedWriter out = Files.newBufferedWriter(events, StandardCharsets.UTF_8)) {
            for (int i = 0; i < customers; i++) {
                out.write(shop.lines(i));
            }
        }
        System.out.printf(Locale.ROOT, "events file: %,d bytes%n", Files.size(events));
        long start = System.nanoTime();
        score("file", List.of("--events", events.toString()));
        report("audience score --events, with the start of Java", customers, start);
    }

    private void fromRedis(URI redis, int customers, String out) throws IOException, InterruptedException {
        long start = System.nanoTime();
        score(out, List.of("--all", "--redis-url", redis.toString()));
        report("audience score --all, with the start of Java", customers, start);
    }

    private void compare(URI redis, int customers, String audience) throws IOException, InterruptedException {
        try (AudienceCheck check = new AudienceCheck(java(), models, redis, folder.resolve("service"))) {
            int compared = check.compare(folder.resolve(audience), MadeUpShop.AT, customers, COMPARED);
            System.out.printf(Locale.ROOT, "%,d rows have the very values that REST answers%n", compared);
        }
    }

    private void score(String out, List<String> more) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                "audience",
                "score",
                "--models",
                models.toString(),
                "--at",
                MadeUpShop.AT.toString(),
                "--out",
                folder.resolve(out).toString()));
        words.addAll(more);
        scorecast(words);
    }

    private void scorecast(List<String> words) throws IOException, InterruptedException {
        // The time that the processors took, too: the clock tells little on a machine that has other work.
        List<String> command = new ArrayList<>(List.of(
                "bash", "-c", "TIMEFORMAT='%U s of processor time, and %S in the system'; time \"$@\"", "bash"));
        command.addAll(java());
        command.addAll(words);
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IllegalStateException(String.join(" ", words) + " ended with " + code);
        }
    }

    /** The command line in a Java of its own. */
    private List<String> java() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(options);
        command.add("io.scorecast.server.cli.Main");
        return command;
    }

    private static void load(URI redis, int customers) {
        long start = System.nanoTime();
        MadeUpShop shop = new MadeUpShop();
        try (RedisStore store = RedisClients.open(redis)) {
            List<Append> appends = new ArrayList<>();
            for (int i = 0; i < customers; i++) {
                appends.add(new Append(CustomerId.of(MadeUpShop.customer(i)), shop.log(i)));
                if (appends.size() == TOGETHER || i == customers - 1) {
                    store.append(appends);
                    appends.clear();
                }
            }
        }
        report("load", customers, start);
    }

    private static long bareRead(URI redis, int customers, int threads)
            throws InterruptedException, ExecutionException {
        List<Future<Long>> parts = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            for (int t = 0; t < threads; t++) {
                int first = t;
                parts.add(workers.submit(() -> bareRead(redis, customers, first, threads)));
            }
        }
        long bytes = 0;
        for (Future<Long> part : parts) {
            bytes += part.get();
        }
        return bytes;
    }

    private static long bareRead(URI redis, int customers, int first, int step) {
        long bytes = 0;
        try (Jedis jedis = new Jedis(redis)) {
            for (int from = first * TOGETHER; from < customers; from += step * TOGETHER) {
                Pipeline pipeline = jedis.pipelined();
                for (int i = from; i < Math.min(customers, from + TOGETHER); i++) {
                    pipeline.get(("sc1:{" + MadeUpShop.customer(i) + "}:p").getBytes(StandardCharsets.UTF_8));
                }
                for (Object log : pipeline.syncAndReturnAll()) {
                    if (!(log instanceof byte[] found)) {
                        throw new IllegalStateException("a profile is not there");
                    }
                    bytes += found.length;
                }
            }
        }
        return bytes;
    }
}
