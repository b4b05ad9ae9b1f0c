package io.scorecast.engine.scorer;

import io.scorecast.engine.model.ModelFolder;
import io.scorecast.engine.model.ModelRepository;
import io.scorecast.engine.model.ModelRuntime;
import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.model.OutputSpec;
import io.scorecast.engine.model.onnx.OnnxRuntime;
import io.scorecast.engine.model.xgboost.XgboostRuntime;
import io.scorecast.engine.policy.Policy;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link Scorer} of a repository: of each model the highest version that passes the {@link Gate}, and the highest
 * policy that fits them.
 */
public final class ScorerLoader {

    private static final String POLICY = "policy";

    private final ScorerSettings settings;
    private final ScorerMetrics metrics;
    private final Gate gate;

    public ScorerLoader(ScorerSettings settings, ScorerMetrics metrics) {
        this.settings = settings;
        this.metrics = metrics;
        this.gate = new Gate(settings, runtimes());
    }

    /** Every runtime that model files can ask for. */
    public static List<ModelRuntime> runtimes() {
        return List.of(new XgboostRuntime(), new OnnxRuntime());
    }

    /**
     * What was found.
     *
     * @param scorer null if the repository has nothing that can answer
     * @param versions every version folder, by model, from the highest down
     * @param problems why there is no scorer, or what is wrong with the repository itself
     */
    public record Loaded(@Nullable Scorer scorer, List<VersionStatus> versions, List<Problem> problems) {

        public Loaded {
            versions = List.copyOf(versions);
            problems = List.copyOf(problems);
        }
    }

    /** Reads, checks and plans all that a repository holds. */
    public Loaded load(Path repository) {
        Problems problems = new Problems();
        Map<String, List<Path>> folders = ModelRepository.list(repository, problems);
        List<VersionStatus> versions = new ArrayList<>();
        List<ModelVersion> models = new ArrayList<>();
        AnswerFields fields = new AnswerFields();
        folders.forEach((model, candidates) -> {
            if (!model.equals(POLICY)) {
                ModelVersion live = highest(model, candidates, fields, versions);
                if (live != null) {
                    models.add(live);
                } else {
                    problems.add(model, candidates.isEmpty() ? "the model has no version" : "no version can be served");
                }
            }
        });
        Scorer scorer = scorer(models, folders.getOrDefault(POLICY, List.of()), fields, versions);
        if (scorer == null) {
            models.forEach(ModelVersion::close);
            if (folders.isEmpty() && problems.isEmpty()) {
                problems.add(repository.toString(), "there is no model in it; expected <model>/<version>/model.yaml");
            } else if (folders.containsKey(POLICY)) {
                problems.add(POLICY, "no version fits the models");
            }
        }
        return new Loaded(scorer, versions, problems.list());
    }

    /** Checks a model version, as a load does. */
    public GateReport check(Path folder) {
        Gate.Result result = gate.check(folder);
        if (result.version() != null) {
            result.version().close();
        }
        return result.report();
    }

    /** Checks a policy version with the models that are highest beside it, as a load does. */
    public GateReport checkPolicy(Path folder) {
        Problems problems = new Problems();
        List<GateReport.Check> checks = new ArrayList<>();
        List<ModelVersion> models = new ArrayList<>();
        AnswerFields fields = new AnswerFields();
        String source = POLICY + "/" + folder.getFileName();
        String checksum = "";
        long start = System.nanoTime();
        Path repository = folder.toAbsolutePath().normalize().getParent();
        repository = repository == null ? null : repository.getParent();
        if (repository != null) {
            for (Map.Entry<String, List<Path>> model :
                    ModelRepository.list(repository, new Problems()).entrySet()) {
                ModelVersion live = model.getKey().equals(POLICY)
                        ? null
                        : highest(model.getKey(), model.getValue(), fields, new ArrayList<>());
                if (live != null) {
                    models.add(live);
                }
            }
        }
        checks.add(new GateReport.Check("models beside it", true, names(models), millisSince(start)));
        try {
            start = System.nanoTime();
            Policy policy = Policy.read(folder, outputs(models), problems);
            boolean fits = policy != null && fields.claim(source, policy, problems);
            checks.add(new GateReport.Check(
                    "hashes, features and rules", problems.isEmpty(), describe(policy), millisSince(start)));
            if (policy != null && fits) {
                checksum = policy.checksum();
                start = System.nanoTime();
                new PolicyCheck(new Scorer(models, policy, settings, ScorerMetrics.NOOP), source, problems).run(folder);
                checks.add(new GateReport.Check(
                        "golden examples", problems.isEmpty(), "events to decision", millisSince(start)));
            }
        } finally {
            models.forEach(ModelVersion::close);
        }
        List<String> warnings = Files.exists(folder.resolve("golden.ndjson"))
                ? List.of()
                : List.of("there are no golden examples: nothing proves that the rules say what was meant");
        return new GateReport(source, checksum, problems.list(), warnings, checks);
    }

    private static String names(List<ModelVersion> models) {
        return models.isEmpty()
                ? "none"
                : models.stream().map(ModelVersion::toString).collect(Collectors.joining(", "));
    }

    private static String describe(@Nullable Policy policy) {
        return policy == null
                ? ""
                : policy.segments().size() + " segments, " + policy.decisions().size() + " decisions";
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    private @Nullable ModelVersion highest(
            String model, List<Path> candidates, AnswerFields fields, List<VersionStatus> versions) {
        ModelVersion live = null;
        for (Path folder : candidates) {
            int number = ModelFolder.versionOf(folder);
            if (live != null) {
                versions.add(
                        new VersionStatus(model, number, VersionStatus.State.STANDBY, folder, "", List.of(), null));
                continue;
            }
            Gate.Result result = gate.check(folder);
            Problems problems = new Problems();
            result.report().problems().forEach(problems::add);
            ModelVersion version = result.version();
            if (version != null
                    && !fields.claim(result.report().folder(), model, outputs(List.of(version)), problems)) {
                version.close();
                version = null;
            }
            live = version;
            versions.add(new VersionStatus(
                    model,
                    number,
                    live == null ? VersionStatus.State.REJECTED : VersionStatus.State.LIVE,
                    folder,
                    result.report().checksum(),
                    problems.list(),
                    live == null ? null : live.manifest()));
        }
        return live;
    }

    private static List<OutputSpec> outputs(List<ModelVersion> models) {
        return models.stream()
                .flatMap(model -> model.manifest().outputs().stream())
                .toList();
    }

    private @Nullable Scorer scorer(
            List<ModelVersion> models, List<Path> policies, AnswerFields fields, List<VersionStatus> versions) {
        if (policies.isEmpty()) {
            return models.isEmpty() ? null : new Scorer(models, null, settings, metrics);
        }
        Scorer live = null;
        for (Path folder : policies) {
            int number = ModelFolder.versionOf(folder);
            if (live != null) {
                versions.add(
                        new VersionStatus(POLICY, number, VersionStatus.State.STANDBY, folder, "", List.of(), null));
                continue;
            }
            Problems problems = new Problems();
            Policy policy = Policy.read(folder, outputs(models), problems);
            if (policy != null && new AnswerFields(fields).claim(POLICY + "/" + number, policy, problems)) {
                live = new Scorer(models, policy, settings, metrics);
                new PolicyCheck(live, POLICY + "/" + number, problems).run(folder);
                live = problems.isEmpty() ? live : null;
            }
            versions.add(new VersionStatus(
                    POLICY,
                    number,
                    live == null ? VersionStatus.State.REJECTED : VersionStatus.State.LIVE,
                    folder,
                    policy == null ? "" : policy.checksum(),
                    problems.list(),
                    null));
        }
        return live;
    }
}
