package io.scorecast.loadtest.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scorecast.loadtest.run.Scenario.Choice;
import io.scorecast.loadtest.run.Scenario.Order;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenarioTest {

    private static final long SECOND = 1_000_000_000;

    @TempDir
    private Path folder;

    @Test
    void list_whatComesAlong_isReadWithoutProblems() throws IOException {
        assertThat(ScenarioFile.list(Path.of("scenarios")))
                .containsKeys("steady", "burst", "cold", "mix", "batch", "cached", "ceiling", "generator")
                .containsKeys("swap", "redis-paused", "audience", "warm-cache")
                .doesNotContainValue("");
    }

    @Test
    void read_faults_areNamedWithTheirPlaces() throws IOException {
        Path file = folder.resolve("odd.yaml");
        Files.writeString(file, "about: odd\nrate: 0\nordr: zipf\nrequests:\n  - {call: scores}\n");

        assertThatThrownBy(() -> ScenarioFile.read(file))
                .hasMessageContaining("odd.yaml:3:")
                .hasMessageContaining("did you mean 'order'?")
                .hasMessageContaining("odd.yaml:2:")
                .hasMessageContaining("expected a number above 0")
                .hasMessageContaining("odd.yaml:5:")
                .hasMessageContaining("no call 'scores'; did you mean 'score'?");
    }

    @Test
    void read_faultsOfPostsAndCompanions_areNamed() throws IOException {
        Path file = folder.resolve("odd.yaml");
        Files.writeString(file, """
                about: odd
                rate: 1
                with: swap
                requests:
                  - {call: post, path: infer, bodies: none.ndjson}
                """);

        assertThatThrownBy(() -> ScenarioFile.read(file))
                .hasMessageContaining("odd.yaml:3:")
                .hasMessageContaining("no companion 'swap'; did you mean 'swaps'?")
                .hasMessageContaining("odd.yaml:5:")
                .hasMessageContaining("expected a path that begins with /")
                .hasMessageContaining("cannot be read");
    }

    @Test
    void read_objectiveOfACompanionWithoutOne_isRefused() throws IOException {
        Path file = folder.resolve("odd.yaml");
        Files.writeString(file, "about: odd\nrate: 1\nrequests: [{call: score}]\nobjectives:\n  p99_times: 2\n");

        assertThatThrownBy(() -> ScenarioFile.read(file))
                .hasMessageContaining("odd.yaml:5:")
                .hasMessageContaining("there is no 'with'");
    }

    @Test
    void due_risingRate_sendsHalfAsManyInOrder() {
        Pace.Open pace = new Pace.Open(0, 1_000);
        long nanos = 10 * SECOND;
        long last = -1;
        int number = 0;
        int early = 0;
        for (long due = pace.due(0, nanos); due < nanos; due = pace.due(++number, nanos)) {
            assertThat(due).isGreaterThan(last);
            last = due;
            early += due < nanos / 2 ? 1 : 0;
        }
        assertThat(number).isBetween(4_999, 5_001);
        assertThat(early).as("a quarter leaves in the first half").isBetween(1_249, 1_251);
    }

    @Test
    void due_fallingRate_ends() {
        Pace.Open pace = new Pace.Open(1_000, 0);
        long nanos = 10 * SECOND;
        int number = 0;
        while (pace.due(number, nanos) < nanos) {
            number++;
        }
        assertThat(number).isBetween(4_999, 5_001);
    }

    @Test
    void next_askedThreeTimes_comesAgainAtThePlannedTimes() {
        CustomerChoice choice = new CustomerChoice(100_000, new Choice(Order.IN_TURN, 3, Duration.ofSeconds(2)));
        Map<Integer, Integer> times = new HashMap<>();
        Map<Integer, Long> first = new HashMap<>();
        for (int request = 0; request < 10_000; request++) {
            long now = request * SECOND / 1_000;
            int customer = choice.next(now);
            first.putIfAbsent(customer, now);
            assertThat(now - first.get(customer)).isLessThan(10 * SECOND);
            if (times.merge(customer, 1, Integer::sum) > 1) {
                assertThat(now - first.get(customer)).isGreaterThanOrEqualTo(SECOND);
            }
        }
        assertThat(times.values()).allMatch(asked -> asked <= 3);
        assertThat(times.values().stream().filter(asked -> asked == 3).count()).isGreaterThan(2_000);
    }

    @Test
    void next_zipf_asksTheFirstMostOften() {
        CustomerChoice choice = new CustomerChoice(1_000, new Choice(Order.ZIPF, 1, Duration.ZERO));
        int[] asked = new int[1_000];
        for (int i = 0; i < 100_000; i++) {
            asked[choice.next(i)]++;
        }
        // 1 / (1 + 1/2 + … + 1/1000) of them, and half of that.
        assertThat(asked[0]).isBetween(12_700, 14_000);
        assertThat(asked[1]).isBetween(6_300, 7_100);
    }
}
