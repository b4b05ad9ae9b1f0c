package io.scorecast.server.audience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Ran;
import io.scorecast.server.serving.RepositoryCopy;
import io.scorecast.server.store.ProfileStore;
import io.scorecast.server.store.RedisClients;
import io.scorecast.server.store.RedisProcess;
import io.scorecast.server.store.RedisStore;
import io.scorecast.server.store.StoreMeters;
import io.scorecast.server.store.StoreSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to a job, what comes of it in the end is every customer once. */
class AudienceFaultsIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CUSTOMERS = 20_000;

    /** How often a job is killed: few times in every run, more by {@code -Dscorecast.kills=20}. */
    private static final int KILLS = Integer.getInteger("scorecast.kills", 5);

    /** So small that a job with ten parts between two kills outlasts them all. */
    private static final int ROWS = 1_000 / KILLS;

    @TempDir
    static Path folder;

    private static RedisProcess redis;
    private static RepositoryCopy models;

    @BeforeAll
    static void start() throws IOException {
        redis = RedisProcess.server(folder.resolve("redis"), "--appendfsync", "always");
        models = new RepositoryCopy(folder.resolve("models"));
        models.ship("churn");
        List<String> events = new ArrayList<>();
        for (int i = 0; i < CUSTOMERS; i++) {
            events.add("{\"id\": \"" + i + "\", \"customer_id\": \"c-" + i + "\", \"type\": \"purchase\", \"time\":"
                    + " \"2026-05-01T10:00:00Z\", \"value\": " + i % 90 + ", \"order_id\": \"o\"}");
        }
        Ran loaded = TestService.command(
                "load", Files.write(folder.resolve("events.ndjson"), events), "--redis-url", redis.url());
        assertThat(loaded.code()).as(loaded.err()).isZero();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    private static List<Object> words(Path out, Object... more) {
        List<Object> words = new ArrayList<>(
                List.of("audience", "score", "--models", models.root(), "--redis-url", redis.url(), "--out", out));
        words.addAll(Arrays.asList(more));
        return words;
    }

    private static Ran run(Path out, Object... more) {
        return TestService.command(words(out, more).toArray());
    }

    /** The command in a Java of its own. */
    private static Process launch(List<String> before, Path out, Object... more) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "io.scorecast.server.cli.Main"));
        words(out, more).forEach(word -> command.add(word.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log(out).toFile())
                .start();
    }

    private static Path log(Path out) {
        return folder.resolve(out.getFileName() + ".log");
    }

    private static boolean hasPart(Path out, int number) {
        return Files.exists(out.resolve(String.format("part-%05d.csv", number)));
    }

    private static void await(String what, Path out, int part, java.util.function.BooleanSupplier ended) {
        RedisProcess.await(what, () -> hasPart(out, part) || ended.getAsBoolean());
    }

    private static JsonNode json(Path file) throws IOException {
        return JSON.readTree(Files.readAllBytes(file));
    }

    private static void assertWhole(Path out) throws Exception {
        JsonNode manifest = json(out.resolve("manifest.json"));
        Set<String> customers = new HashSet<>();
        for (JsonNode part : manifest.path("parts")) {
            byte[] bytes = Files.readAllBytes(out.resolve(part.path("name").asText()));
            assertThat(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)))
                    .isEqualTo(part.path("sha256").asText());
            List<String> lines =
                    new String(bytes, StandardCharsets.UTF_8).lines().toList();
            assertThat(lines).hasSize(part.path("rows").asInt() + 1);
            for (String line : lines.subList(1, lines.size())) {
                assertThat(customers.add(line.substring(0, line.indexOf(','))))
                        .as(line)
                        .isTrue();
            }
        }
        assertThat(customers).hasSize(CUSTOMERS);
        assertThat(manifest.path("rows").asInt()).isEqualTo(CUSTOMERS);
        assertThat(manifest.path("counts").path("outcomes").path("written").asInt())
                .isEqualTo(CUSTOMERS);
        try (Stream<Path> files = Files.walk(out)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.matches("part-.*|.*run.*")))
                    .hasSize(manifest.path("parts").size());
        }
    }

    @Test
    void process_killedAtRandomMoments_isResumedByAnother() throws Exception {
        Path out = folder.resolve("killed");
        Random random = new Random();
        Process job = launch(List.of(), out, "--all", "--rows-per-part", ROWS);
        int killed = 0;
        for (int i = 0; i < KILLS; i++) {
            Process running = job;
            int reached = (int) parts(out).count();
            if (i == 0) {
                RedisProcess.await("a job", () -> Files.exists(out.resolve(".job/job.json")) || !running.isAlive());
            } else {
                await("a part more", out, reached + 1 + random.nextInt(10), () -> !running.isAlive());
            }
            LockSupport.parkNanos(random.nextInt(20_000_000));
            if (i == 1 && running.isAlive()) {
                Ran second = run(out, "--resume");
                assertThat(second.err()).contains("another process works on that job");
            }
            killed += running.isAlive() ? 1 : 0;
            assertThat(running.destroyForcibly().waitFor(30, TimeUnit.SECONDS)).isTrue();
            if (Files.exists(out.resolve("manifest.json"))) {
                break;
            }
            job = launch(
                    List.of(),
                    out,
                    Files.exists(out.resolve(".job/job.json"))
                            ? new Object[] {"--resume"}
                            : new Object[] {"--all", "--rows-per-part", ROWS});
        }
        assertThat(job.waitFor(60, TimeUnit.SECONDS)).isTrue();
        System.out.printf("a job was killed %d times%n", killed);
        assertThat(killed).isPositive();
        assertWhole(out);
    }

    private static Stream<Path> parts(Path out) throws IOException {
        if (!Files.isDirectory(out)) {
            return Stream.of();
        }
        try (Stream<Path> files = Files.list(out)) {
            return files
                    .filter(file -> file.toString().endsWith(".csv")
                            && file.getFileName().toString().startsWith("part-"))
                    .toList()
                    .stream();
        }
    }

    @Test
    void redis_thatHangsAndThatIsKilled_isWaitedFor() throws Exception {
        Path out = folder.resolve("redis-faults");
        CompletableFuture<Ran> job = CompletableFuture.supplyAsync(() -> run(out, "--all", "--rows-per-part", 100));
        await("a part", out, 2, job::isDone);
        redis.pause();
        // Longer than an answer is waited for.
        LockSupport.parkNanos(
                StoreSettings.DEFAULT_TIMEOUT.plus(Duration.ofMillis(300)).toNanos());
        boolean hung = !job.isDone();
        redis.unpause();
        await("more parts", out, 60, job::isDone);
        redis.kill();
        boolean killed = !job.isDone();
        redis.launch();
        Ran done = job.get(60, TimeUnit.SECONDS);
        assertThat(done.code()).as(done.err()).isZero();
        assertThat(hung && killed).isTrue();
        assertWhole(out);
    }

    /** Redis's own cursor means nothing to a server that was started meanwhile. */
    @Test
    void customers_listedAcrossARestart_areAllThere() {
        Set<CustomerId> listed = new HashSet<>();
        try (RedisStore store = RedisClients.open(settings(), new StoreMeters(new SimpleMeterRegistry()))) {
            ProfileStore.Page page = store.scan(null, 500);
            listed.addAll(page.customers());
            for (int i = 0; i < 10 && page.cursor() != null; i++) {
                page = store.scan(page.cursor(), 500);
                listed.addAll(page.customers());
            }
            redis.kill();
            redis.launch();
            while (page.cursor() != null) {
                page = store.scan(page.cursor(), 500);
                listed.addAll(page.customers());
            }
        }
        assertThat(listed).hasSize(CUSTOMERS);
    }

    private static StoreSettings settings() {
        return StoreSettings.of(redis.url());
    }

    @Test
    void folder_thatCannotBeWrittenTo_failsTheJobUntilItCan() throws Exception {
        Path out = folder.resolve("refused");
        // Also who may do anything cannot write a file where there is a folder.
        Path inTheWay = Files.createDirectories(out.resolve("part-00003.csv.part"));
        Ran failed = run(out, "--all", "--rows-per-part", 3_000);
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("part-00003.csv.part").hasLineCount(1);
        assertThat(json(out.resolve(".job/job.json")).path("state").asText()).isEqualTo("failed");
        assertThat(hasPart(out, 2)).isTrue();
        Files.deleteIfExists(inTheWay);
        assertThat(run(out, "--resume").code()).isZero();
        assertWhole(out);
    }

    /** A disk of its own, where the system lets users mount one. */
    @Test
    void diskThatIsFull_failsTheJobUntilThereIsRoom() throws Exception {
        Path out = Files.createDirectories(folder.resolve("disk"));
        Path whole = folder.resolve("whole");
        Path script = Files.writeString(
                folder.resolve("disk.sh"),
                String.join(
                        "\n",
                        List.of(
                                "set -e",
                                "mount -t tmpfs -o size=1m tmpfs '" + out + "' || exit 70",
                                "code=0",
                                "\"$@\" --all --rows-per-part 2000 || code=$?",
                                "[ $code = 1 ] || exit 71",
                                "ls '" + out + "' | grep -q '^part-00001.csv$' || exit 72",
                                "ls '" + out + "' | grep -q 'part$' && exit 73",
                                "mount -o remount,size=64m '" + out + "'",
                                "\"$@\" --resume",
                                "cp -a '" + out + "' '" + whole + "'")));
        Process job = launch(List.of("unshare", "-rm", "bash", script.toString()), out);
        assertThat(job.waitFor(90, TimeUnit.SECONDS)).isTrue();
        String log = Files.readString(log(out));
        assumeThat(job.exitValue()).as(log).isNotEqualTo(70);
        assertThat(job.exitValue()).as(log).isZero();
        assertThat(log).contains("No space left on device");
        assertWhole(whole);
    }
}
