package io.scorecast.loadtest.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scorecast.loadtest.run.Scenario.Choice;
import io.scorecast.loadtest.run.Scenario.Objectives;
import io.scorecast.loadtest.run.Scenario.Order;
import io.scorecast.loadtest.run.Scenario.Part;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class GeneratorTest {

    private static final Pace HUNDRED = new Pace.Open(100, 100);

    private static Recorder run(TestServer server, Pace pace, int connections, Duration time, Duration patience)
            throws Exception {
        Target target = new Target(server.url(), null);
        Scenario scenario = new Scenario(
                "test",
                "",
                false,
                1,
                10,
                1,
                new Choice(Order.IN_TURN, 1, Duration.ZERO),
                pace,
                Duration.ZERO,
                time,
                connections,
                patience,
                List.of(new Part(Call.SCORE, 1, 1)),
                Scenario.With.NOTHING,
                Objectives.NONE);
        Customers customers = new Customers(List.of("a b", "c/d", "é"));
        try (Generator generator = new Generator(target, connections, patience)) {
            return generator.run(pace, time, new ScenarioRequests(scenario, customers, target), 1);
        }
    }

    /**
     * One answer of a hundred comes a second late, and the others had to wait for it. A generator that waits for answers
     * would tell of one slow request; from the intended times half of them took more than 0.4 s.
     */
    @Test
    void run_serverThatStalls_countsFromTheIntendedTimes() throws Exception {
        TestServer.Behaviour stalls = (number, line) -> {
            if (number == 1) {
                Thread.sleep(1_000);
            }
            return TestServer.ok("", "{}");
        };
        try (TestServer server = new TestServer(stalls)) {
            Recorder recorder = run(server, HUNDRED, 1, Duration.ofSeconds(1), Duration.ofSeconds(30));

            assertThat(recorder.count()).isEqualTo(100);
            assertThat(recorder.answered()).isEqualTo(100);
            assertThat(recorder.times().getMaxValue()).isGreaterThan(990_000_000);
            assertThat(recorder.times().getValueAtPercentile(50)).isGreaterThan(400_000_000);
            assertThat(recorder.slice(0).getMinValue())
                    .isGreaterThan(recorder.slice(30).getMinValue() / 2);
            assertThat(recorder.mostWaiting()).isPositive();
        }
    }

    @Test
    void run_answersOfEveryKind_addUp() throws Exception {
        TestServer.Behaviour mixed = (number, line) -> switch (number % 5) {
            case 0 -> "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
            case 1 ->
                TestServer.ok(
                        "Scorecast-Cache: none\r\nCache-Control: no-store\r\n",
                        "{\"customer_id\":\"c\",\"personalized\":false,\"reason\":\"timeout\",\"degraded\":[\"clv\"]}");
            default -> TestServer.ok("Scorecast-Cache: near\r\n", "{\"customer_id\":\"c\",\"personalized\":true}");
        };
        try (TestServer server = new TestServer(mixed)) {
            Recorder recorder = run(server, HUNDRED, 3, Duration.ofSeconds(1), Duration.ofSeconds(30));

            assertThat(server.requests()).isEqualTo(100);
            assertThat(recorder.answered()).isEqualTo(80);
            assertThat(recorder.errors()).isEqualTo(Map.of("status 503", 20L));
            assertThat(recorder.caches()).isEqualTo(Map.of("none", 20L, "near", 60L));
            assertThat(recorder.fallbacks()).isEqualTo(Map.of("timeout", 20L));
            assertThat(recorder.degradedCount()).isEqualTo(20);
            assertThat(recorder.times().getTotalCount()).isEqualTo(100);
        }
    }

    @Test
    void run_connectionsThatClose_areErrorsAndOpenedAgain() throws Exception {
        try (TestServer server = new TestServer((number, line) -> number % 10 == 0 ? "" : TestServer.ok("", "{}"))) {
            Recorder recorder = run(server, HUNDRED, 2, Duration.ofSeconds(1), Duration.ofSeconds(30));

            assertThat(server.requests()).isEqualTo(100);
            assertThat(recorder.answered()).isEqualTo(90);
            assertThat(recorder.errors()).isEqualTo(Map.of("connection closed", 10L));
        }
    }

    @Test
    void run_answerThatNeverComes_isGivenUp() throws Exception {
        try (TestServer server =
                new TestServer((number, line) -> number == 1 ? TestServer.SILENCE : TestServer.ok("", "{}"))) {
            Recorder recorder = run(server, HUNDRED, 50, Duration.ofSeconds(1), Duration.ofSeconds(5));

            assertThat(recorder.errors()).containsEntry("no answer in time", 1L);
            assertThat(recorder.answered() + recorder.errorCount()).isEqualTo(100);
            assertThat(recorder.times().getMaxValue()).isGreaterThan(5_000_000_000L);
        }
    }

    @Test
    void run_closedLoop_asksOnceForEachAnswer() throws Exception {
        try (TestServer server = new TestServer((number, line) -> TestServer.ok("", "{}"))) {
            Recorder recorder = run(server, new Pace.Closed(), 4, Duration.ofMillis(300), Duration.ofSeconds(30));

            assertThat(recorder.answered()).isGreaterThanOrEqualTo(4);
            assertThat(recorder.count()).isEqualTo(recorder.answered()).isEqualTo(server.requests());
            assertThat(recorder.mostWaiting()).isZero();
        }
    }

    @Test
    void run_idsWithOtherCharacters_areEncoded() throws Exception {
        Set<String> asked = ConcurrentHashMap.newKeySet();
        TestServer.Behaviour notes = (number, line) -> {
            asked.add(line);
            return TestServer.ok("", "{}");
        };
        try (TestServer server = new TestServer(notes)) {
            run(server, HUNDRED, 1, Duration.ofMillis(100), Duration.ofSeconds(30));
        }
        assertThat(asked)
                .containsExactlyInAnyOrder(
                        "GET /v1/scores/a%20b HTTP/1.1",
                        "GET /v1/scores/c%2Fd HTTP/1.1", "GET /v1/scores/%C3%A9 HTTP/1.1");
    }

    @Test
    void open_whereNobodyListens_saysSo() {
        Target nobody = new Target(URI.create("http://127.0.0.1:1"), null);

        assertThatThrownBy(() -> new Generator(nobody, 1, Duration.ofSeconds(1)))
                .isInstanceOf(LoadTestFailure.class)
                .hasMessage("http://127.0.0.1:1: no service answers there");
    }
}
