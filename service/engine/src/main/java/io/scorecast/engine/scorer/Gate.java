package io.scorecast.engine.scorer;

import io.scorecast.engine.model.ModelFolder;
import io.scorecast.engine.model.ModelRuntime;
import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.problem.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a model version must pass before it is served: hashes, manifest, features, the model file, golden
 * examples from events to score, a second engine's opinion, a sample of customers. Collects every problem that it can.
 */
public final class Gate {

    private static final int CROSS_CHECK_ROWS = 1_000;
    private static final long CROSS_CHECK_SEED = 20_171_101;
    private static final int LATENCY_PASSES = 3;
    private static final double NANOS_PER_MILLI = 1e6;

    private final ScorerSettings settings;
    private final List<ModelRuntime> runtimes;

    public Gate(ScorerSettings settings, List<ModelRuntime> runtimes) {
        this.settings = settings;
        this.runtimes = List.copyOf(runtimes);
    }

    /**
     * What came of a check.
     *
     * @param version the opened version, which the caller closes; null if it did not pass
     */
    public record Result(@Nullable ModelVersion version, GateReport report) {}

    /** Checks a version folder. */
    public Result check(Path folder) {
        return new Run().check(folder);
    }

    /** One folder's way through the gate. */
    private final class Run {

        private final Problems problems = new Problems();
        private final List<String> warnings = new ArrayList<>();
        private final List<GateReport.Check> checks = new ArrayList<>();

        Result check(Path path) {
            ModelFolder folder = step(
                    "hashes, manifest and features",
                    () -> ModelFolder.read(path, problems),
                    found -> found.features().size() + " features, "
                            + found.manifest().outputs().size() + " outputs");
            if (folder == null) {
                String source = path.getParent() == null
                        ? path.toString()
                        : path.getParent().getFileName() + "/" + path.getFileName();
                return new Result(null, report(source, ""));
            }
            ModelVersion version = step(
                    "model file",
                    () -> ModelVersion.open(folder, runtimes, problems),
                    opened -> opened.model().engine());
            if (version != null) {
                try {
                    prove(folder, version);
                } catch (RuntimeException e) {
                    problems.add(folder.source(), "the checks could not be ended: " + e);
                }
                if (!problems.isEmpty()) {
                    version.close();
                    version = null;
                }
            }
            return new Result(version, report(folder.source(), folder.checksum()));
        }

        private void prove(ModelFolder folder, ModelVersion version) {
            try (Scorer alone = new Scorer(List.of(version), null, settings, ScorerMetrics.NOOP)) {
                prove(folder, version, alone);
            }
        }

        private void prove(ModelFolder folder, ModelVersion version, Scorer alone) {
            step("golden examples", () -> golden(folder, alone), count -> count + " examples, events to score");
            ModelRuntime runtime = runtimes.stream()
                    .filter(candidate ->
                            candidate.name().equals(folder.manifest().runtime()))
                    .findFirst()
                    .orElseThrow();
            step(
                    "second engine",
                    () -> {
                        runtime.crossCheck(
                                folder.openRequest(), version.model(), CROSS_CHECK_ROWS, CROSS_CHECK_SEED, problems);
                        return CROSS_CHECK_ROWS;
                    },
                    rows -> "up to " + rows + " random rows");
            step("sample", () -> sample(folder, alone), text -> text);
        }

        private int golden(ModelFolder folder, Scorer alone) {
            Path file = folder.path().resolve("golden.ndjson");
            if (!Files.exists(file)) {
                warnings.add("there are no golden examples: nothing proves that the scores are those of the training");
                return 0;
            }
            String source = folder.source() + "/golden.ndjson";
            List<Example> examples = Example.read(file, source, problems);
            if (examples.isEmpty()) {
                problems.add(source, "there is no example in it");
            }
            new GoldenCheck(alone, source, problems).run(examples);
            return examples.size();
        }

        /** Warms the version up with a sample of customers, and measures what one customer takes. */
        private String sample(ModelFolder folder, Scorer alone) {
            Path file = folder.path().resolve("sample.ndjson");
            if (!Files.exists(file)) {
                warnings.add("there is no sample: the version is not warmed up");
                return "none";
            }
            String source = folder.source() + "/sample.ndjson";
            List<Example> examples = Example.read(file, source, problems);
            if (examples.isEmpty()) {
                problems.add(source, "there is no customer in it");
                return "none";
            }
            ScoreBatch batch = alone.newBatch(1);
            long[] nanos = new long[examples.size()];
            for (int pass = 0; pass < LATENCY_PASSES; pass++) {
                for (int i = 0; i < nanos.length; i++) {
                    nanos[i] = score(batch, examples.get(i), source, pass == 0);
                }
            }
            java.util.Arrays.sort(nanos);
            double median = nanos[nanos.length / 2] / NANOS_PER_MILLI;
            double limit = folder.manifest().latencyLimitMs();
            if (median > limit) {
                problems.add(
                        folder.source(),
                        String.format(
                                Locale.ROOT,
                                "one customer takes %.3f ms here, the manifest's limits.latency_ms is %s",
                                median,
                                limit));
            }
            return String.format(Locale.ROOT, "%d customers, %.3f ms for one", nanos.length, median);
        }

        private long score(ScoreBatch batch, Example example, String source, boolean first) {
            long start = System.nanoTime();
            batch.clear();
            batch.add(
                    new Question(example.customer(), example.at(), example.at(), List.of()),
                    example.log(),
                    0,
                    example.log().length);
            batch.score();
            long nanos = System.nanoTime() - start;
            if (first && batch.row(0).reason() == null && batch.row(0).degraded[0]) {
                problems.add(source, "line " + example.line() + ": the model gives no finite score for this customer");
            }
            return nanos;
        }

        private <T> @Nullable T step(
                String name, Supplier<@Nullable T> work, java.util.function.Function<T, String> detail) {
            int before = problems.size();
            long start = System.nanoTime();
            T found = work.get();
            boolean passed = problems.size() == before;
            checks.add(new GateReport.Check(
                    name,
                    passed,
                    found == null ? "" : detail.apply(found),
                    (System.nanoTime() - start) / (long) NANOS_PER_MILLI));
            return found;
        }

        private GateReport report(String source, String checksum) {
            return new GateReport(source, checksum, problems.list(), warnings, checks);
        }
    }
}
