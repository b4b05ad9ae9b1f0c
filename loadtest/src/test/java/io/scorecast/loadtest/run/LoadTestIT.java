package io.scorecast.loadtest.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.loadtest.run.LoadTestCommandTest.Done;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real service with a Redis of its own, a few seconds at a low rate. */
class LoadTestIT {

    private static final int CUSTOMERS = 60;

    private static final List<String> JAVA = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "io.scorecast.server.cli.Main");

    @TempDir
    private static Path folder;

    private static OwnService service;
    private static Target target;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Path shipped = Path.of("../models/propensity/1");
        Path model = Files.createDirectories(folder.resolve("models/propensity/1"));
        try (Stream<Path> files = Files.list(shipped)) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        service = OwnService.scorecast(
                JAVA, List.of("--models", folder.resolve("models").toString()));
        target = new Target(service.url(), null);
        Path file = folder.resolve("few.yaml");
        Files.writeString(file, "about: few\ncustomers: " + CUSTOMERS + "\nrate: 1\nrequests: [{call: score}]\n");
        new LoadTest(ScenarioFile.read(file), new PrintWriter(new StringWriter())).fill(target);
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    private static Done run(String scenario, Object... more) {
        Object[] words = Stream.concat(
                        Stream.of(scenario, "--url", service.url(), "--seconds", 1, "--warm-up", 0, "--connections", 8),
                        Stream.of(more))
                .toArray();
        return LoadTestCommandTest.run(words);
    }

    private static Object[] objectives(Object... more) {
        return Stream.concat(Stream.of("--p99-ms", 600_000, "--chart", folder.resolve("chart.svg")), Stream.of(more))
                .toArray();
    }

    @Test
    void fill_madeUpCustomers_areAllThereWithTheirPast() throws IOException, InterruptedException {
        try (ServiceClient client = new ServiceClient(target)) {
            assertThat(client.customers(1_000)).hasSize(CUSTOMERS).contains("c-1", "c-" + CUSTOMERS);
            assertThat(client.customers(7)).hasSize(7);
        }
    }

    @Test
    void call_steady_asksAndAddsUp() {
        Done done = run(
                "steady", objectives("--rate", 40, "--pid", service.process().pid()));

        assertThat(done.code()).as(done.out() + done.err()).isZero();
        assertThat(done.out())
                .contains("40 sent, 40 answered, 0 errors")
                .containsPattern("(?m)^cache +.*(near|none)")
                .containsPattern("(?m)^service +[\\d.]+ CPU seconds per 1,000 requests .*, [\\d,]+ MB resident$")
                .containsPattern("(?m)^its Redis +[\\d.]+ CPU seconds");
    }

    @Test
    void call_mixWithEvents_isAccepted() {
        Done done = run("mix", objectives("--rate", 60, "--write"));

        assertThat(done.code()).as(done.out() + done.err()).isZero();
        assertThat(done.out())
                .contains("60 sent, 60 answered, 0 errors")
                .containsPattern("(?m)^events of 10 ( +[\\d.,]+){6} +0$")
                .containsPattern("(?m)^all ( +[\\d.,]+){6} +0$");
    }

    @Test
    void call_batch_isAnswered() {
        Done done = run("batch", objectives("--rate", 3));

        assertThat(done.code()).as(done.out() + done.err()).isZero();
        assertThat(done.out()).contains("3 sent, 3 answered, 0 errors").containsPattern("(?m)^batch of 500");
    }

    @Test
    void run_audienceBesideTheLoad_scoresEverybodyAgainAndAgain() throws Exception {
        AudienceJobs jobs = new AudienceJobs();
        try (Beside beside = new Beside(jobs, service)) {
            TimeUnit.SECONDS.sleep(3);
            beside.end();
        }
        assertThat(jobs.told()).containsPattern("^[1-9]\\d* customers scored into files by [1-9]\\d* jobs, ");
    }

    @Test
    void run_redisPaused_stopsForThreeSecondsAndGoesOn() throws Exception {
        RedisPaused pause = new RedisPaused(Duration.ofMillis(300));
        long start = System.nanoTime();
        try (Beside beside = new Beside(pause, service)) {
            TimeUnit.MILLISECONDS.sleep(3_600);
            while (pause.told().equals("Redis was not stopped") && System.nanoTime() - start < 60_000_000_000L) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            beside.end();
        }
        assertThat(pause.told()).containsPattern("^Redis stopped for [3-9]\\.\\d s, from second 0 on$");
        try (ServiceClient client = new ServiceClient(target)) {
            assertThat(client.customers(1)).as("it answers again").hasSize(1);
        }
    }

    @Test
    void prepare_warmCache_answersComeFromThere() throws Exception {
        List<String> ids = IntStream.range(0, 40).mapToObj(MadeUpEvents::id).toList();
        WarmedCache warmed = new WarmedCache();
        assertThat(warmed.alone(ids)).hasSize(20);
        List<String> half = warmed.together(ids);
        warmed.prepare(service);

        Path scenario = folder.resolve("warm.yaml");
        Files.writeString(scenario, "about: warm\norder: in_turn\nrate: 20\nrequests: [{call: score}]\n");
        Path file = Files.write(folder.resolve("half.txt"), half);
        Done done = run(scenario.toString(), objectives("--ids", file));

        assertThat(done.out()).as(done.err()).contains("20 sent, 20 answered").doesNotContain("fallbacks:");
        // Those whom another test has asked for stand in the near cache already; nobody is computed again.
        assertThat(done.out()).containsPattern("(?m)^cache +(near \\d+, )?redis [1-9]\\d*$");
        assertThat(warmed.told()).startsWith("20 customers scored with warm_cache in ");
    }

    @Test
    void runOwn_withSwaps_asksTwiceAndComparesTheTwo() throws Exception {
        Path scenario = folder.resolve("swapped.yaml");
        Files.writeString(scenario, """
                about: swapped
                customers: 20
                rate: 20
                warm_up_seconds: 0
                seconds: 4
                connections: 8
                requests: [{call: score}]
                with: swaps
                objectives: {max_errors: 0}
                """);
        Outcome outcome = new LoadTest(ScenarioFile.read(scenario), new PrintWriter(new StringWriter()))
                .runOwn(JAVA, folder.resolve("models"), Path.of(".."));

        assertThat(outcome.missed()).isEmpty();
        assertThat(outcome.beside()).containsPattern("^[1-9]\\d* swaps of propensity \\(versions 1 and 2\\)");
        assertThat(outcome.p99Times()).isPositive();
        StringWriter text = new StringWriter();
        new Report(new PrintWriter(text)).print(outcome);
        assertThat(text.toString())
                .containsPattern("(?m)^alone( +[\\d.,]+){6} +0$")
                .containsPattern("(?m)^with swaps( +[\\d.,]+){6} +0$")
                .containsPattern("(?m)^p99 +[\\d.]+ times that of the load alone$");
    }

    @Test
    void call_objectiveNobodyCanMeet_exitsWithOne() {
        Done done = run("cached", "--rate", 20, "--p99-ms", 0.000_1, "--chart", folder.resolve("chart.svg"));

        assertThat(done.code()).isEqualTo(1);
        assertThat(done.err()).contains("scorecast loadtest: missed: p99 is ");
    }
}
