package io.scorecast.loadtest.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadTestCommandTest {

    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    private Path ids;

    record Done(int code, String out, String err) {}

    static Done run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> words = new ArrayList<>();
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        int code = Main.run(
                HOME, List.of(), new PrintWriter(out, true), new PrintWriter(err, true), words.toArray(String[]::new));
        return new Done(code, out.toString(), err.toString());
    }

    @BeforeEach
    void name() throws IOException {
        ids = folder.resolve("ids.txt");
        Files.writeString(ids, "c-1\nc-2\n");
    }

    private Done steady(TestServer server, Object... more) {
        List<Object> words = new ArrayList<>(List.of("steady", "--url", server.url(), "--ids", ids));
        words.addAll(List.of("--rate", 50, "--seconds", 1, "--warm-up", 0, "--connections", 4));
        words.addAll(List.of("--chart", folder.resolve("chart.svg"), "--p99-ms", 600_000));
        words.addAll(List.of(more));
        return run(words.toArray());
    }

    @Test
    void call_objectivesMet_printsATableAndDrawsTheChart() throws IOException {
        try (TestServer server = new TestServer((number, line) -> TestServer.ok("Scorecast-Cache: near\r\n", "{}"))) {
            Done done = steady(server);

            assertThat(done.code()).as(done.err()).isZero();
            assertThat(done.out())
                    .contains("50 requests a second, 1 s, 4 connections, " + server.url())
                    .contains("50 sent, 50 answered, 0 errors")
                    .containsPattern("(?m)^cache +near 50$")
                    .containsPattern("(?m)^score( +[\\d.,]+){6} +0$");
            assertThat(Files.readString(folder.resolve("chart.svg")))
                    .startsWith("<svg ")
                    .contains("Latency over time: steady")
                    .containsPattern("<polyline points=\"[\\d., ]+\"")
                    .endsWith("</svg>\n");
        }
    }

    @Test
    void call_json_hasTheFiguresOfTheTable() throws IOException {
        Path json = folder.resolve("outcome.json");
        try (TestServer server = new TestServer((number, line) -> number == 1
                ? "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"
                : TestServer.ok("Scorecast-Cache: near\r\n", "{}"))) {
            Done done = steady(server, "--json", json);

            assertThat(done.code()).as(done.err()).isEqualTo(1);
        }
        assertThat(Files.readString(json))
                .contains("\"scenario\" : \"steady\"")
                .contains("\"requests\" : 50", "\"errors\" : 1", "\"status 500\" : 1", "\"near\" : 49")
                .containsPattern("\"p99.9\" : [\\d.]+")
                .containsPattern("\"generator\" : \\{\\s+\"cpu_seconds\" : [\\d.]+")
                .doesNotContain("alone");
    }

    @Test
    void call_post_sendsItsBodiesInTurnToItsPath() throws IOException {
        Path scenario = folder.resolve("rows.yaml");
        Files.writeString(folder.resolve("rows.ndjson"), "{\"a\":1}\n{\"bb\":22}\n");
        Files.writeString(scenario, """
                about: rows
                rate: 20
                warm_up_seconds: 0
                seconds: 1
                connections: 1
                requests: [{call: post, path: /v2/models/m/infer, bodies: rows.ndjson}]
                """);
        List<String> asked = new CopyOnWriteArrayList<>();
        try (TestServer server = new TestServer((number, line) -> {
            asked.add(line);
            return TestServer.ok("", "{}");
        })) {
            Done done = run(scenario, "--url", server.url(), "--ids", ids, "--chart", folder.resolve("chart.svg"));

            assertThat(done.code()).as(done.err()).isZero();
            assertThat(done.out()).contains("20 sent, 20 answered, 0 errors");
        }
        // The server reads no bodies, so that each stands before the next request's line.
        assertThat(asked.getFirst()).isEqualTo("POST /v2/models/m/infer HTTP/1.1");
        assertThat(asked.get(1)).isEqualTo("{\"a\":1}POST /v2/models/m/infer HTTP/1.1");
        assertThat(asked.get(2)).isEqualTo("{\"bb\":22}POST /v2/models/m/infer HTTP/1.1");
        assertThat(asked.get(3)).isEqualTo(asked.get(1));
    }

    @Test
    void call_objectiveMissed_exitsWithOneAndSaysByWhat() throws IOException {
        try (TestServer server = new TestServer((number, line) ->
                number <= 3 ? "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n" : TestServer.ok("", "{}"))) {
            Done done = steady(server, "--max-errors", 2);

            assertThat(done.code()).isEqualTo(1);
            assertThat(done.err().lines().toList().getLast())
                    .isEqualTo("scorecast loadtest: missed: 3 errors, not 2 or fewer");
            assertThat(done.out()).contains("47 answered, 3 errors: status 500 3");
        }
    }

    @Test
    void call_wrongUse_exitsWithTwoAndOneLine() {
        assertWrong("no scenario 'steedy'; did you mean 'steady'?", "steedy");
        assertWrong("no option '--rte'; did you mean '--rate'?", "--rte", 5);
        assertWrong("takes one scenario, not 'burst' too", "steady", "burst");
        assertWrong("--url 'foo' is no http:// or https:// address", "--url", "foo");
        assertWrong("--rate '-1': expected a number above 0, or max", "--rate=-1");
        assertWrong("--seconds 0: expected 1 or more", "--seconds", 0);
        assertWrong("--write lets it", "mix", "--url", "http://127.0.0.1:1");
        assertWrong("--pid is about the service at --url", "--pid", 1);
        assertWrong("it takes one of its own, not --url", "swap", "--url", "http://127.0.0.1:1");
    }

    private static void assertWrong(String message, Object... arguments) {
        Done done = run(arguments);
        assertThat(done.code()).as(done.err()).isEqualTo(2);
        assertThat(done.err())
                .startsWith("scorecast loadtest: ")
                .contains(message)
                .hasLineCount(1);
        assertThat(done.out()).isEmpty();
    }

    @Test
    void call_nobodyThere_exitsWithOneAndOneLine() {
        Done done = run("steady", "--url", "http://127.0.0.1:1");

        assertThat(done.code()).isEqualTo(1);
        assertThat(done.err())
                .isEqualToIgnoringNewLines("scorecast loadtest: no service answers at http://127.0.0.1:1; without --url"
                        + " one is started");
    }
}
