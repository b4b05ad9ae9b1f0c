package io.scorecast.engine.scorer;

import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.model.FolderReader;
import io.scorecast.engine.model.Manifest;
import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelFolder;
import io.scorecast.engine.model.ModelRuntime;
import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.model.OpenRequest;
import io.scorecast.engine.model.Pace;
import io.scorecast.engine.model.TensorSpec;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One folder's way through the {@link Gate}. */
final class GateRun {

    private static final int CROSS_CHECK_ROWS = 1_000;
    private static final long CROSS_CHECK_SEED = 20_171_101;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final String WARM_UP = "warm-up";

    /** What is not asked again of a checksum that has passed, but for the warm-up. */
    private static final List<String> PROOFS =
            List.of("golden examples", "second engine", "score distribution", WARM_UP, "latency");

    private static final String GOLDEN = "golden.ndjson";
    private static final String SAMPLE = "sample.ndjson";

    private final ScorerSettings settings;
    private final List<ModelRuntime> runtimes;
    private final Pace pace;
    private final Problems problems = new Problems();
    private final List<String> warnings = new ArrayList<>();
    private final List<GateReport.Check> checks = new ArrayList<>();
    private final FolderReader reader;
    private @Nullable Manifest manifest;
    private @Nullable ModelVersion version;

    GateRun(ScorerSettings settings, List<ModelRuntime> runtimes, Path path, Pace pace) {
        this.settings = settings;
        this.runtimes = runtimes;
        this.pace = pace;
        this.reader = new FolderReader(path, pace, problems);
    }

    Gate.Result check(Verdicts passed) {
        step("hashes", () -> reader.exists() ? count(reader.hashes(), "file") : "");
        int before = problems.size();
        step("manifest", () -> {
            Manifest found = reader.manifest();
            manifest = found;
            return found == null ? "" : count(found.outputs().size(), "output");
        });
        step("features", () -> {
            FeatureSet features = reader.features();
            return features == null ? "" : count(features.size(), "feature");
        });
        open(manifest, problems.size() == before);
        ModelVersion opened = version;
        GateReport earlier = problems.isEmpty() ? passed.passed(reader.checksum()) : null;
        if (opened == null) {
            for (String name : PROOFS) {
                skip(name, "the model is not open");
            }
        } else if (earlier != null) {
            recall(opened, earlier);
        } else {
            prove(opened);
        }
        if (!problems.isEmpty() && opened != null) {
            opened.close();
            opened = null;
        }
        GateReport report = new GateReport(reader.source(), reader.checksum(), problems.list(), warnings, checks);
        if (opened != null && earlier == null) {
            passed.keep(report);
        }
        return new Gate.Result(opened, report);
    }

    /** What the proofs said of the same files; only the warm-up is of this process. */
    private void recall(ModelVersion opened, GateReport earlier) {
        warnings.addAll(earlier.warnings());
        for (GateReport.Check check : earlier.checks()) {
            if (check.name().equals(WARM_UP)) {
                warmUp(opened);
            } else if (PROOFS.contains(check.name())) {
                String when = check.passed() ? " (when it was proven)" : "";
                checks.add(new GateReport.Check(check.name(), check.passed(), check.detail() + when, 0));
            }
        }
    }

    private void warmUp(ModelVersion opened) {
        String file = reader.files().has(SAMPLE) ? SAMPLE : GOLDEN;
        if (!reader.files().has(file)) {
            skip(WARM_UP, "there is no customer to score");
            return;
        }
        String source = reader.source() + "/" + file;
        SampleCheck.LastFailure failure = new SampleCheck.LastFailure();
        try (Scorer alone = new Scorer(List.of(opened), null, settings, failure)) {
            step(WARM_UP, () -> {
                List<Example> customers =
                        Example.read(reader.files(), file, source, SampleCheck.MAX_CUSTOMERS, pace, problems);
                return check(alone, failure, customers).warmUp();
            });
        }
    }

    /** Opens the model; where manifest or features are wrong, only looks whether the file is right in itself. */
    private void open(@Nullable Manifest manifest, boolean right) {
        if (manifest == null || manifest.file().isEmpty() || manifest.runtime().isEmpty()) {
            skip("inputs", "there is no manifest that names the model file");
            skip("model file", "there is no manifest that names it");
            return;
        }
        if (!reader.vouchFor(manifest.file())) {
            skip("inputs", "the model file is not the one that was exported");
            skip("model file", "it is not the one that was exported");
            return;
        }
        Problems inputs = new Problems();
        Problems file = new Problems();
        long start = System.nanoTime();
        guard(file, () -> {
            ModelRuntime runtime = runtime(manifest, file);
            ModelFolder folder = reader.folder();
            if (runtime != null && right && folder != null) {
                version = ModelVersion.open(folder, runtime, pace, inputs, file);
            } else if (runtime != null) {
                look(runtime, manifest, file);
            }
        });
        long millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
        inputs.list().forEach(problems::add);
        file.list().forEach(problems::add);
        ModelVersion opened = version;
        if (opened == null && inputs.isEmpty()) {
            skip("inputs", right ? "the model is not open" : "manifest or features are not right");
        } else {
            checks.add(new GateReport.Check(
                    "inputs",
                    inputs.isEmpty(),
                    opened == null ? "" : count(columns(opened), "column") + ", named and in order",
                    0));
        }
        checks.add(new GateReport.Check(
                "model file",
                file.isEmpty(),
                opened == null ? "" : "engine " + opened.model().engine(),
                millis));
    }

    private void look(ModelRuntime runtime, Manifest manifest, Problems file) {
        String name = manifest.file();
        OpenRequest request = new OpenRequest(
                reader.files().path(name), reader.source() + "/" + name, manifest.engine(), List.of(), pace);
        Model model = runtime.open(request, new Problems(), file);
        if (model != null) {
            model.close();
        }
    }

    private @Nullable ModelRuntime runtime(Manifest manifest, Problems file) {
        for (ModelRuntime runtime : runtimes) {
            if (runtime.name().equals(manifest.runtime())) {
                return runtime;
            }
        }
        List<String> known = runtimes.stream().map(ModelRuntime::name).toList();
        file.add(reader.source(), Nearest.message("runtime", manifest.runtime(), known));
        return null;
    }

    private static int columns(ModelVersion opened) {
        return opened.model().signature().inputs().stream()
                .mapToInt(TensorSpec::width)
                .sum();
    }

    private void prove(ModelVersion opened) {
        SampleCheck.LastFailure failure = new SampleCheck.LastFailure();
        try (Scorer alone = new Scorer(List.of(opened), null, settings, failure)) {
            prove(opened, alone, failure);
        }
    }

    private void prove(ModelVersion opened, Scorer alone, SampleCheck.LastFailure failure) {
        String folder = reader.source();
        List<Example> golden = new ArrayList<>();
        step("golden examples", () -> golden(alone, golden));
        step("second engine", () -> secondEngine(opened));
        String source = folder + "/" + SAMPLE;
        List<Example> sample = new ArrayList<>();
        boolean there = reader.files().has(SAMPLE);
        if (there) {
            step("score distribution", () -> {
                sample.addAll(Example.read(reader.files(), SAMPLE, source, SampleCheck.MAX_CUSTOMERS, pace, problems));
                if (sample.isEmpty()) {
                    problems.add(source, "there is no customer in it");
                    return "";
                }
                return check(alone, failure, sample).distribution(reader.files(), folder);
            });
        } else {
            warnings.add("there is no sample: nothing says how the scores are distributed");
            skip("score distribution", "there is no sample");
        }
        List<Example> customers = sample.isEmpty() ? golden : sample;
        if (customers.isEmpty()) {
            skip(WARM_UP, "there is no customer to score");
            skip("latency", "there is no customer to score");
            return;
        }
        step(WARM_UP, () -> check(alone, failure, customers).warmUp());
        step(
                "latency",
                () -> check(alone, failure, customers).latency(opened.manifest().latencyLimitMs(), folder));
    }

    private SampleCheck check(Scorer alone, SampleCheck.LastFailure failure, List<Example> customers) {
        return new SampleCheck(alone, failure, customers, reader.source() + "/" + SAMPLE, pace, problems, warnings);
    }

    private String secondEngine(ModelVersion opened) {
        ModelRuntime runtime = runtime(opened.manifest(), problems);
        return runtime == null
                ? ""
                : runtime.crossCheck(
                        opened.folder().openRequest(pace),
                        opened.model(),
                        CROSS_CHECK_ROWS,
                        CROSS_CHECK_SEED,
                        problems);
    }

    private String golden(Scorer alone, List<Example> examples) {
        if (!reader.files().has(GOLDEN)) {
            warnings.add("there are no golden examples: nothing proves that the scores are those of the training");
            return "none";
        }
        String source = reader.source() + "/" + GOLDEN;
        examples.addAll(Example.read(reader.files(), GOLDEN, source, Integer.MAX_VALUE, pace, problems));
        if (examples.isEmpty()) {
            problems.add(source, "there is no example in it");
        }
        new GoldenCheck(alone, source, problems).run(examples, pace);
        return count(examples.size(), "example") + ", events to score";
    }

    private void step(String name, Supplier<String> work) {
        int before = problems.size();
        long start = System.nanoTime();
        String[] detail = {""};
        guard(problems, () -> detail[0] = work.get());
        checks.add(new GateReport.Check(
                name, problems.size() == before, detail[0], (System.nanoTime() - start) / NANOS_PER_MILLI));
    }

    /** Whatever an attack on a reader may come up with, it is a problem of the folder and not of the service. */
    private void guard(Problems found, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            found.add(new Problem(reader.source(), 0, 0, "the check cannot be ended: " + e, ""));
        }
    }

    private static String count(int count, String word) {
        return count + " " + word + (count == 1 ? "" : "s");
    }

    private void skip(String name, String reason) {
        checks.add(GateReport.Check.skipped(name, reason));
    }
}
