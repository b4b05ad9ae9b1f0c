package io.scorecast.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.server.serving.RepositoryCopy;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that tell a running service what to serve. */
class ModelCommandsIT {

    @TempDir
    private static Path folder;

    private static TestService service;

    @BeforeAll
    static void start() throws Exception {
        RepositoryCopy models = new RepositoryCopy(folder.resolve("models"));
        models.ship("propensity");
        models.variant("propensity", 2, yaml -> yaml.replace("b: 0.0727196", "b: 0.2"));
        models.variant("propensity", 3, yaml -> yaml.replace("task:", "tusk:"));
        service = TestService.Setup.in(folder.resolve("data"))
                .models(models.root())
                .start();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void unpin() {
        assertThat(model("unpin", "propensity").code()).isZero();
    }

    private static Commands.Done model(String command, Object... arguments) {
        Object[] words = new Object[arguments.length + 4];
        words[0] = "model";
        words[1] = command;
        System.arraycopy(arguments, 0, words, 2, arguments.length);
        words[words.length - 2] = "--url";
        words[words.length - 1] = service.url();
        return Commands.run(words);
    }

    /** Asks the service itself. */
    private static String ask(String method, String path, String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(service.url().resolve("/v1/models/propensity" + path))
                            .header("Content-Type", "application/json")
                            .method(method, BodyPublishers.ofString(body))
                            .timeout(Duration.ofSeconds(60))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return response.body();
        }
    }

    private static void says(Commands.Done done, String firstLine) throws Exception {
        assertThat(done.err()).isEmpty();
        assertThat(done.code()).isZero();
        assertThat(done.out().lines().findFirst()).hasValue(firstLine);
        String live = "\"live\":" + firstLine.replaceAll("\\D+", "");
        assertThat(ask("GET", "", "")).contains(live);
    }

    private static void fails(int code, Commands.Done done, String... parts) {
        assertThat(done.code()).isEqualTo(code);
        assertThat(done.out()).isEmpty();
        assertThat(done.err()).contains(parts);
        if (code == 1) {
            assertThat(done.err().lines()).hasSize(1);
        }
    }

    @Test
    void pinRollbackUnpin_changeWhatServes() throws Exception {
        says(model("pin", "propensity", 1), "propensity 1 serves, pinned");
        says(model("rollback", "propensity"), "propensity 2 serves, pinned");
        says(model("rollback", "propensity"), "propensity 1 serves, pinned");
        Commands.Done done = model("unpin", "propensity");
        says(done, "propensity 2 serves");
        assertThat(done.out().lines().skip(1))
                .satisfiesExactly(
                        line -> assertThat(line).contains("3  rejected"),
                        line -> assertThat(line).contains("2  live", "since ", " on "),
                        line -> assertThat(line).contains("1  standby"));
    }

    @Test
    void promote_makesTheChallengerServe() throws Exception {
        fails(1, model("promote", "propensity"), "propensity", "has no challenger");
        ask("PUT", "/challenger", "{\"version\": 1, \"mode\": \"shadow\", \"share\": 0.5}");
        says(model("promote", "propensity"), "propensity 1 serves, pinned");
        fails(1, model("promote", "propensity"), "has no challenger");
    }

    @Test
    void pin_whatCannotServe_saysWhyAndChangesNothing() throws Exception {
        fails(1, model("pin", "propensity", 3), "propensity/3 cannot be served", "model.yaml", "did you mean 'task'?");
        fails(1, model("pin", "propensity", 9), "'9'", "known", "[3, 2, 1]");
        fails(1, model("pin", "propensty", 1), "'propensty'", "did you mean 'propensity'?");
        fails(2, model("pin", "propensity", "two"), "'two'");
        fails(2, model("pin", "propensity"), "V");
        says(model("unpin", "propensity"), "propensity 2 serves");
        assertThat(Files.readString(folder.resolve("data/pins"))).isEmpty();
    }

    @Test
    void noServiceThere_saysWhere() {
        fails(
                1,
                Commands.run("model", "unpin", "propensity", "--url", "http://127.0.0.1:1"),
                "http://127.0.0.1:1",
                "--url");
        fails(2, Commands.run("model", "unpin", "propensity", "--url", "localhost"), "'localhost'");
    }
}
