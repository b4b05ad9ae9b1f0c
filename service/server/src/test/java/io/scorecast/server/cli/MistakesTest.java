package io.scorecast.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes that people make: each is told in one line with the culprit, where it is, and what was expected. */
class MistakesTest {

    private static final Path CHURN = Commands.ROOT.resolve("models/churn/1");
    private static final String ROW =
            "{\"id\":\"1\",\"customer_id\":\"c\",\"type\":\"view\",\"time\":\"2026-05-01T00:00:00Z\"}\n";

    @TempDir
    private Path folder;

    @Test
    void serve_unknownOption_namesTheNearest() {
        fails(2, Commands.run("serve", "--prot", "8081"), "'--prot'", "'--port'");
    }

    @Test
    void serve_portThatIsNoNumber_namesWhereItStands() {
        fails(2, Commands.run(Map.of("SCORECAST_PORT", "http"), "serve"), "'--port'", "'http'", "SCORECAST_PORT");
    }

    @Test
    void serve_portOutOfRange_saysTheRange() {
        fails(2, Commands.run("serve", "--port", "70000"), "--port", "70000", "65535");
    }

    @Test
    void serve_portInUse_saysWhichAndHowToTakeAnother() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Commands.Done done = Commands.run(
                    "serve",
                    "--port",
                    taken.getLocalPort(),
                    "--models",
                    Commands.ROOT.resolve("models"),
                    "--data",
                    folder.resolve("data"));
            fails(1, done, "127.0.0.1 port " + taken.getLocalPort(), "in use", "--port");
        }
    }

    @Test
    void serve_modelsFolderThatIsNotThere_namesIt() {
        fails(1, Commands.run("serve", "--models", folder.resolve("modles")), "modles", "no such folder", "model.yaml");
    }

    @Test
    void serve_redisUrlOfAnotherKind_saysWhatIsExpected() {
        Commands.Done done = Commands.run(
                Map.of("REDIS_URL", "http://localhost:6379"),
                "serve",
                "--port",
                "0",
                "--models",
                Commands.ROOT.resolve("models"));
        fails(2, done, "REDIS_URL", "redis://");
    }

    @Test
    void settings_unknownKey_namesLineAndTheNearest() throws IOException {
        Path file = write("application.yml", "scorecast:\n  prot: 8081\n");
        Commands.Done done = Commands.run(Map.of("SCORECAST_CONFIG", file.toString()), "serve");
        assertThat(done.code()).isEqualTo(1);
        assertThat(done.err())
                .contains("application.yml:2:", "'prot'", "'port'")
                .doesNotContain("Exception");
    }

    @Test
    void load_fileThatIsNotThere_namesIt() {
        fails(1, Commands.run("load", folder.resolve("evnets.ndjson")), "evnets.ndjson", "no such file");
    }

    @Test
    void load_withoutFiles_saysWhatIsMissing() {
        fails(2, Commands.run("load"), "FILE");
    }

    @Test
    void load_redisThatDoesNotAnswer_saysWhere() throws IOException {
        Path file = write("e.ndjson", ROW);
        fails(
                1,
                Commands.run("load", file, "--redis-url", "redis://127.0.0.1:1"),
                "Redis does not answer",
                "127.0.0.1:1");
    }

    @Test
    void load_csvWithUnknownColumns_namesThemAndThoseThereAre() throws IOException {
        Path file = write("e.csv", "id,customer,type,time\n1,c,view,2026-05-01T00:00:00Z\n");
        fails(1, load(file), "e.csv", "'customer'", "'customer_id' is missing");
    }

    @Test
    void load_gzipThatIsCutOff_saysSo() throws IOException {
        Path whole = folder.resolve("whole.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(whole))) {
            for (int i = 0; i < 1_000; i++) {
                out.write(ROW.replace("\"1\"", "\"" + i * 7919 + "\"").getBytes(StandardCharsets.UTF_8));
            }
        }
        byte[] bytes = Files.readAllBytes(whole);
        Path file = Files.write(folder.resolve("cut.ndjson.gz"), java.util.Arrays.copyOf(bytes, bytes.length / 2));
        fails(1, load(file), "cut.ndjson.gz", "cannot be read");
    }

    @Test
    void load_brokenArray_namesElementAndLine() throws IOException {
        Path file = write("e.json", "[" + ROW + ", {\"id\": ");
        fails(1, load(file), "e.json", "element 2", "line 2", "JSON");
    }

    @Test
    void modelCheck_folderThatIsNoVersion_saysWhatOneIs() {
        fails(1, Commands.run("model", "check", folder.resolve("7")), "no such folder", "models/churn/1");
    }

    @Test
    void modelCheck_changedFile_namesIt() throws IOException {
        Path version = copy(CHURN, folder.resolve("churn/2"));
        Files.writeString(version.resolve("model.yaml"), Files.readString(version.resolve("model.yaml")) + "\n");
        fails(1, Commands.run("model", "check", version), "churn/2", "model.yaml", "SHA-256");
    }

    @Test
    void modelImport_fileThatIsNoModel_saysWhatIsExpected() throws IOException {
        Path features = write("f.yaml", "features:\n  - {name: n, kind: count}\n");
        Path file = write("model.pkl", "pickle");
        Commands.Done done = Commands.run(
                "model", "import", file, "--features", features, "--name", "m", "--models", folder.resolve("models"));
        fails(1, done, "model.pkl", ".ubj", ".onnx");
    }

    @Test
    void modelImport_featuresOfAnotherModel_saysHowManyAreExpectedAndLeavesNothing() throws IOException {
        Path features = write("f.yaml", "features:\n  - {name: n, kind: count}\n");
        Path models = folder.resolve("models");
        Commands.Done done = Commands.run(
                "model",
                "import",
                CHURN.resolve("model.ubj"),
                "--features",
                features,
                "--name",
                "m",
                "--models",
                models);
        fails(1, done, "m/1", "trained on 38 features", "has 1");
        assertThat(models).isEmptyDirectory();
    }

    @Test
    void model_unknownCommand_namesThoseThereAre() {
        fails(2, Commands.run("model", "chekc"), "'chekc'", "check");
    }

    @Test
    void demo_folderOfAnother_isLeftAlone() throws IOException {
        Files.createDirectories(folder.resolve("redis/appendonlydir"));
        Commands.Done done = Commands.run(
                "demo", "--synthetic", "--data", folder, "--models", Commands.ROOT.resolve("models"), "--port", "0");
        fails(1, done, folder.toString(), "--data");
    }

    private Commands.Done load(Path file) {
        return Commands.run("load", file, "--data", folder.resolve("data"));
    }

    private static void fails(int code, Commands.Done done, String... words) {
        assertThat(done.code()).as(done.err()).isEqualTo(code);
        List<String> lines = done.err().lines().toList();
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).startsWith("scorecast ").contains(words).doesNotContain("Exception", "unexpected");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }
}
