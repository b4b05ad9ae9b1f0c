package io.scorecast.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelFolderTest {

    @TempDir
    private Path models;

    private Path folder;
    private String manifest;

    /** The folder that {@code docs/models.md} shows. */
    @BeforeEach
    void write() throws Exception {
        String page = Files.readString(Path.of("../../docs/models.md"));
        int from = page.indexOf("```yaml\n") + 8;
        manifest = page.substring(from, page.indexOf("```", from));
        folder = Files.createDirectories(models.resolve("churn/7"));
        Files.writeString(folder.resolve("model.ubj"), "any bytes");
        Files.writeString(folder.resolve("model.yaml"), manifest);
        seal();
    }

    private void seal() throws Exception {
        StringBuilder sums = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (!name.equals("SHA256SUMS") && !name.startsWith(".")) {
                    sums.append(sha256(file)).append("  ").append(name).append('\n');
                }
            }
        }
        Files.writeString(folder.resolve("SHA256SUMS"), sums);
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private @Nullable ModelFolder read(Problems problems) {
        return ModelFolder.read(folder, problems);
    }

    private List<String> refusals() {
        Problems problems = new Problems();
        assertThat(read(problems)).isNull();
        return problems.list().stream().map(Problem::toString).toList();
    }

    @Test
    void read_folderOfTheDocumentation_isAVersion() throws Exception {
        Files.writeString(folder.resolve(".nfs0001"), "left by a mount");
        Problems problems = new Problems();
        ModelFolder found = read(problems);
        assertThat(problems.list()).isEmpty();
        assertThat(found).isNotNull();
        assertThat(found.version()).isEqualTo(7);
        assertThat(found.checksum()).isEqualTo(sha256(folder.resolve("SHA256SUMS")));
        assertThat(found.manifest().tolerance()).isEqualTo(1e-6);
        assertThat(found.manifest().latencyLimitMs()).isEqualTo(5);
        assertThat(found.manifest().outputs())
                .singleElement()
                .satisfies(output -> assertThat(output.name()).isEqualTo("churn_28d"));
        OpenRequest request = found.openRequest();
        assertThat(request.source()).isEqualTo("churn/7/model.ubj");
        assertThat(request.inputs())
                .containsExactly(
                        new OpenRequest.Input("features", List.of("days_since_purchase", "orders_90d", "gap_mean")));
    }

    @Test
    void read_changedFile_isRefused() throws Exception {
        Files.writeString(folder.resolve("model.ubj"), "other bytes");
        assertThat(refusals())
                .singleElement()
                .asString()
                .startsWith("churn/7/model.ubj: the file is not the one that was exported: its SHA-256 is ");
    }

    @Test
    void read_unlistedAndUnreadyFolder_isRefused() throws Exception {
        Files.writeString(folder.resolve("extra.bin"), "x");
        assertThat(refusals()).containsExactly("churn/7/extra.bin: the file is not listed in SHA256SUMS");
        Files.delete(folder.resolve("SHA256SUMS"));
        assertThat(refusals()).singleElement().asString().startsWith("churn/7: SHA256SUMS: ");
    }

    @Test
    void read_listThatLeadsOut_isRefused() throws IOException {
        Files.writeString(models.resolve("secret"), "s");
        Files.createSymbolicLink(folder.resolve("link"), models.resolve("secret"));
        Path sums = folder.resolve("SHA256SUMS");
        String zeros = "0".repeat(64);
        Files.writeString(
                sums,
                Files.readString(sums) + zeros + "  ../../secret\n" + zeros + "  link\n" + zeros + "  gone\n"
                        + "no hash\n");
        assertThat(refusals())
                .hasSize(4)
                .anySatisfy(text -> assertThat(text).contains("SHA256SUMS:6:1: expected 64 hexadecimal digits"))
                .anySatisfy(text -> assertThat(text).contains("'../../secret' leads out of the folder"))
                .anySatisfy(text -> assertThat(text).contains("'link' is a link that leads out of the folder"))
                .anySatisfy(text -> assertThat(text).contains("gone"));
    }

    @Test
    void read_otherName_isRefused() throws Exception {
        Path other = models.resolve("value/07");
        Files.createDirectories(other.getParent());
        Files.move(folder, other);
        folder = other;
        assertThat(refusals())
                .containsExactlyInAnyOrder(
                        "value/07: a version's folder is named by a positive whole number without leading zeros",
                        "value/07/model.yaml: this is a version of the model 'churn', but stands in the folder"
                                + " 'value'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "schema: 1 | schema: 2 | 1",
                "runtime: xgboost | runtimes: xgboost | did you mean 'runtime'",
                "file: model.ubj | file: model.json | 'model.json'",
                "file: model.ubj | file: ../8/model.ubj | '../8/model.ubj' leads out of the folder",
                "orders_90d, gap_mean] | orders_9d, gap_mean] | did you mean 'orders_90d'",
                "orders_90d, gap_mean] | gap_mean, gap_mean] | the feature 'gap_mean' stands twice",
                "name: churn_28d | name: segments | is a field of the answer itself",
                "name: churn_28d | name: Churn | begins with a-z",
                "kind: probability | kind: chance | no kind of output 'chance'",
                "horizon: 28d | horizon: soon | a horizon is a number of days or hours",
                "`x: [0.05, 0.2, 0.7]` | `x: [0.05, 0.05, 0.7]` | x must rise strictly",
                "`y: [0.03, 0.25, 0.6]` | `y: [0.03, 0.02, 0.6]` | y must not fall",
                "`y: [0.03, 0.25, 0.6]` | `y: [0.03]` | x has 3 points, y has 1",
                "isotonic | isotone | did you mean 'isotonic'",
                "from: 0.3 | from: 0.1 | bands must ascend",
                "from: 0.3 | from: 3 | the band begins above the output's range",
                "fallback: 0.124 | fallback: 1.24 | the fallback lies outside the range",
                "fallback: 0.124 | `percentiles: [1, 2]` | percentiles are 99 or 100 cut points, found 2",
                "tolerance: 1e-6 | tolerance: 0.5 | the tolerance must lie between 0 and 0.01",
                "latency_ms: 5 | latency_ms: 0 | a limit must be positive",
                "kind: gap_mean | kind: gap_men | did you mean 'gap_mean'",
                "`orders_90d: \"ordered` | `orders_9d: \"ordered` | did you mean 'orders_90d'",
                "`ordered {value}` | `ordered {valu}` | there is no placeholder '{valu}'",
                "`{value:time|times}` | `{value:times}` | there is no placeholder '{value:times}'",
                "`ordered {value}` | `ordered {word}` | {word} is for the columns of a vector",
                "`ordered {value}` | `ordered {value` | a brace stands alone",
                "`ordered {value} {value:time|times} in 90 days` | `` | a reason is a text of 1 to 200 characters",
                "`\"ordered {value} {value:time|times} in 90 days\"` | `[a]` | expected a text, found a list",
            })
    void read_manifestWithAMistake_namesLineAndCure(String good, String bad, String reason) throws Exception {
        String changed = manifest.replace(good, bad);
        assertThat(changed).isNotEqualTo(manifest);
        Files.writeString(folder.resolve("model.yaml"), changed);
        seal();
        assertThat(refusals())
                .anySatisfy(text ->
                        assertThat(text).startsWith("churn/7/model.yaml:").contains(reason));
    }

    @Test
    void list_repository_ordersVersionsFromTheHighest() throws Exception {
        for (String path : List.of("churn/10", "churn/draft", "churn/.11", "policy/2", ".git/1", "Bad/1")) {
            Files.createDirectories(models.resolve(path));
        }
        Problems problems = new Problems();
        assertThat(ModelRepository.list(models, problems))
                .containsOnlyKeys("churn", "policy")
                .containsEntry("churn", List.of(models.resolve("churn/10"), folder));
        assertThat(problems.list()).singleElement().asString().startsWith("Bad: a model's folder is named with");
    }
}
