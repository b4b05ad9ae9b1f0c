package io.scorecast.server.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.model.Pace;
import io.scorecast.engine.scorer.GateReport;
import io.scorecast.engine.scorer.ScorerLoader;
import io.scorecast.engine.scorer.ScorerMetrics;
import io.scorecast.engine.scorer.ScorerSettings;
import io.scorecast.engine.scorer.VersionStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository that is loaded anew, as by a start, beside what earlier starts left. */
class VerdictFolderTest {

    private static final String ENGINE = ScorerLoader.engine(ScorerSettings.DEFAULT);

    @TempDir
    private Path folder;

    private RepositoryCopy repository;

    @BeforeEach
    void fill() {
        repository = new RepositoryCopy(folder.resolve("models"));
        repository.ship("churn");
    }

    private VersionStatus start(String engine) {
        VerdictFolder verdicts = new VerdictFolder(folder.resolve("verdicts"), engine);
        try (ScorerLoader loader = new ScorerLoader(ScorerSettings.DEFAULT, ScorerMetrics.NOOP, Pace.NONE, verdicts)) {
            ScorerLoader.Loaded loaded = loader.load(repository.root());
            if (loaded.scorer() != null) {
                loaded.scorer().close();
            }
            return loaded.versions().getFirst();
        }
    }

    private static boolean isProvenNow(VersionStatus status) {
        assertThat(status.state()).isEqualTo(VersionStatus.State.LIVE);
        return status.report().checks().stream()
                .noneMatch(check -> check.detail().endsWith("(when it was proven)"));
    }

    @Test
    void start_afterAnother_doesNotProveWhatHasNotChanged() throws Exception {
        VersionStatus first = start(ENGINE);
        assertThat(isProvenNow(first)).isTrue();
        VersionStatus second = start(ENGINE);
        assertThat(isProvenNow(second)).isFalse();
        assertThat(second.report().checks())
                .extracting(GateReport.Check::name)
                .isEqualTo(first.report().checks().stream()
                        .map(GateReport.Check::name)
                        .toList());
        assertThat(second.report().checks())
                .filteredOn(check -> check.name().equals("warm-up"))
                .singleElement()
                .satisfies(check -> assertThat(check.detail()).startsWith("1200 customers"));

        // Another engine has to see for itself.
        assertThat(isProvenNow(start("another"))).isTrue();

        // So has the same one if what was kept is no longer what it wrote.
        try (Stream<Path> kept = Files.list(folder.resolve("verdicts"))) {
            Path file = kept.findFirst().orElseThrow();
            Files.writeString(file, ENGINE + "\ncheck\tgolden examples\n");
        }
        assertThat(isProvenNow(start(ENGINE))).isTrue();
        assertThat(isProvenNow(start(ENGINE))).isFalse();
    }

    @Test
    void start_tamperedFolder_isFound() throws Exception {
        start(ENGINE);
        Path version = repository.folder("churn", 1);
        Path yaml = version.resolve("model.yaml");
        String good = Files.readString(yaml);
        String changed = good.replaceFirst("b: -?0\\.(\\d)", "b: 0.9$1");
        assertThat(changed).isNotEqualTo(good);
        Files.writeString(yaml, changed);
        VersionStatus status = start(ENGINE);
        assertThat(status.state()).isEqualTo(VersionStatus.State.REJECTED);
        assertThat(status.problems().toString()).contains("churn/1/model.yaml: the file is not the one");

        // With hashes made right it is another version, and goes through the whole gate.
        RepositoryCopy.sum(version);
        VersionStatus resealed = start(ENGINE);
        assertThat(resealed.state()).isEqualTo(VersionStatus.State.REJECTED);
        assertThat(resealed.problems().toString()).contains("golden.ndjson");
        Files.writeString(yaml, good);
        RepositoryCopy.sum(version);
        assertThat(isProvenNow(start(ENGINE))).isFalse();
    }

    @Test
    void keep_moreThanAreOfUse_forgetsThoseUsedLongestAgo() throws Exception {
        VerdictFolder verdicts = new VerdictFolder(folder.resolve("verdicts"), ENGINE);
        for (int i = 0; i < 205; i++) {
            String checksum = String.format("%064x", i);
            verdicts.keep(new GateReport(
                    "m/1",
                    checksum,
                    List.of(),
                    List.of("a\nb"),
                    List.of(new GateReport.Check("hashes", true, "a\tb", 3))));
            Files.setLastModifiedTime(folder.resolve("verdicts").resolve(checksum), FileTime.fromMillis(1_000L * i));
        }
        assertThat(verdicts.passed(String.format("%064x", 4))).isNull();
        GateReport kept = verdicts.passed(String.format("%064x", 5));
        assertThat(kept.warnings()).containsExactly("a b");
        assertThat(kept.checks()).containsExactly(new GateReport.Check("hashes", true, "a b", 3));
        assertThat(verdicts.passed("../pins")).isNull();
    }
}
