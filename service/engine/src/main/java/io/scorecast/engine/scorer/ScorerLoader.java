package io.scorecast.engine.scorer;

import io.scorecast.engine.model.ModelRepository;
import io.scorecast.engine.model.ModelRuntime;
import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.model.Pace;
import io.scorecast.engine.model.VersionFolder;
import io.scorecast.engine.model.btyd.BtydRuntime;
import io.scorecast.engine.model.onnx.OnnxRuntime;
import io.scorecast.engine.model.xgboost.XgboostRuntime;
import io.scorecast.engine.policy.Policy;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@link Scorer}s of a repository: of each model the version that is wanted and passes the {@link Gate}, and the
 * policy that fits them. Keeps the versions that it opened, so that a later load opens only what is new. Used by one thread
 * at a time.
 */
public final class ScorerLoader implements AutoCloseable {

    /** What the repository calls the rules. */
    public static final String POLICY = "policy";

    private final ScorerSettings settings;
    private final ScorerMetrics metrics;
    private final VersionShelf shelf;
    private final PolicyShelf policyShelf;

    public ScorerLoader(ScorerSettings settings, ScorerMetrics metrics) {
        this(settings, metrics, Pace.NONE, Verdicts.inMemory());
    }

    /**
     * @param pace what bounds the share of a core that proving takes
     * @param passed what need not be proven again
     */
    public ScorerLoader(ScorerSettings settings, ScorerMetrics metrics, Pace pace, Verdicts passed) {
        this.settings = settings;
        this.metrics = metrics;
        this.shelf = new VersionShelf(new Gate(settings, runtimes()), pace, passed);
        this.policyShelf = new PolicyShelf(pace);
    }

    /** Names what proves versions with these settings; another name would have to prove them again. */
    public static String engine(ScorerSettings settings) {
        return EngineName.of(settings, runtimes());
    }

    /** Every runtime that model files can ask for. */
    public static List<ModelRuntime> runtimes() {
        return List.of(new XgboostRuntime(), new OnnxRuntime(), new BtydRuntime());
    }

    /**
     * What was found.
     *
     * @param scorer one of the known ones if nothing changed for it; null if the repository has nothing that can answer
     * @param versions every version, by model, from the highest down
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
        return load(repository, Selection.HIGHEST, List.of());
    }

    /**
     * Reads what is new in a repository and plans what is wanted of it.
     *
     * @param known Scorers that are in use or kept; the first is the live one
     */
    public Loaded load(Path repository, Selection selection, List<Scorer> known) {
        Problems problems = new Problems();
        Map<String, List<Path>> folders = new TreeMap<>(ModelRepository.list(repository, problems));
        Scorer live = known.isEmpty() ? null : known.getFirst();
        PolicyCandidates policies = new PolicyCandidates(
                folders.getOrDefault(POLICY, List.of()), policyShelf, live == null ? null : live.policy(), selection);
        folders.remove(POLICY);
        List<Candidates> models = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(folders.keySet());
        if (live != null) {
            live.models().forEach(model -> names.add(model.name()));
        }
        for (String name : names) {
            models.add(new Candidates(
                    name,
                    folders.getOrDefault(name, List.of()),
                    shelf,
                    live == null ? null : live(live, name),
                    selection));
        }
        Combination combination = new Combination(models, policies, known, settings, metrics);
        Scorer chosen = combination.choose();
        List<VersionStatus> versions = new ArrayList<>();
        for (Candidates candidates : models) {
            ModelVersion version = chosen == null ? null : live(chosen, candidates.model());
            versions.addAll(candidates.statuses(version, combination.refusals(candidates, version)));
            if (version == null) {
                problems.add(
                        candidates.model(),
                        folders.getOrDefault(candidates.model(), List.of()).isEmpty()
                                ? "the model has no version"
                                : "no version can be served");
            }
        }
        versions.addAll(policies.statuses(chosen == null ? null : chosen.policy()));
        if (chosen == null && models.isEmpty() && problems.isEmpty()) {
            problems.add(repository.toString(), "there is no model in it; expected <model>/<version>/model.yaml");
        } else if (chosen == null && !policies.isEmpty()) {
            problems.add(POLICY, "no version fits the models");
        }
        return new Loaded(chosen, versions, problems.list());
    }

    /** Checks a model version, as a load does. */
    public GateReport check(Path folder) {
        return shelf.prove(folder).report();
    }

    /** Checks a policy version with the models that are highest beside it, as a load does. */
    public GateReport checkPolicy(Path folder) {
        Problems problems = new Problems();
        List<GateReport.Check> checks = new ArrayList<>();
        String source = POLICY + "/" + folder.getFileName();
        long start = System.nanoTime();
        List<ModelVersion> models = modelsBeside(folder);
        checks.add(new GateReport.Check("models beside it", true, names(models), millisSince(start)));
        start = System.nanoTime();
        PolicyCandidates policies = new PolicyCandidates(List.of(folder), policyShelf, null, Selection.HIGHEST);
        Policy policy = policies.read(0, models, problems);
        checks.add(new GateReport.Check(
                "hashes, features and rules", problems.isEmpty(), describe(policy), millisSince(start)));
        if (policy != null) {
            start = System.nanoTime();
            Scorer scorer = new Combination(List.of(), policies, List.of(), settings, ScorerMetrics.NOOP)
                    .plan(models, 0, problems);
            if (scorer != null) {
                scorer.close();
            }
            checks.add(new GateReport.Check(
                    "golden examples", problems.isEmpty(), "events to decision", millisSince(start)));
        }
        List<String> warnings = Files.exists(folder.resolve("golden.ndjson"))
                ? List.of()
                : List.of("there are no golden examples: nothing proves that the rules say what was meant");
        return new GateReport(source, policy == null ? "" : policy.checksum(), problems.list(), warnings, checks);
    }

    /** The highest valid version of each model of the repository that a policy stands in. */
    private List<ModelVersion> modelsBeside(Path policy) {
        List<ModelVersion> models = new ArrayList<>();
        Path siblings = policy.toAbsolutePath().normalize().getParent();
        Path repository = siblings == null ? null : siblings.getParent();
        if (repository != null) {
            ModelRepository.list(repository, new Problems()).forEach((name, folders) -> {
                ModelVersion highest = name.equals(POLICY)
                        ? null
                        : new Candidates(name, folders, shelf, null, Selection.HIGHEST).get(0);
                if (highest != null) {
                    models.add(highest);
                }
            });
        }
        return models;
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

    private static @Nullable ModelVersion live(Scorer scorer, String model) {
        for (ModelVersion version : scorer.models()) {
            if (version.name().equals(model)) {
                return version;
            }
        }
        return null;
    }

    /**
     * The same Scorer but for one version: what a challenger answers with.
     *
     * @param model of the version, {@code policy} for a policy
     * @return null, with every reason among the problems, if it cannot answer
     */
    public @Nullable Scorer variant(Path repository, Scorer base, String model, int version, Problems problems) {
        // What is wrong with other folders is no reason against this one.
        List<Path> folders = ModelRepository.list(repository, new Problems()).getOrDefault(model, List.of());
        Path folder = new VersionFolders(model, folders).folder(version);
        if (folder == null) {
            List<String> known = folders.stream()
                    .map(found -> Integer.toString(VersionFolder.versionOf(found)))
                    .toList();
            problems.add(model, Nearest.message("version of " + model, Integer.toString(version), known));
            return null;
        }
        PolicyCandidates policy;
        List<ModelVersion> models = new ArrayList<>(base.models());
        if (model.equals(POLICY)) {
            policy = new PolicyCandidates(List.of(folder), policyShelf, null, Selection.HIGHEST);
        } else {
            VersionShelf.Verdict verdict = shelf.prove(folder);
            verdict.problems().forEach(problems::add);
            ModelVersion proven = verdict.version();
            if (proven == null) {
                return null;
            }
            models.replaceAll(other -> other.name().equals(model) ? proven : other);
            policy = PolicyCandidates.only(base.policy(), policyShelf);
        }
        return new Combination(List.of(), policy, List.of(), settings, metrics).plan(models, 0, problems);
    }

    /** Closes the versions that none of these Scorers uses. */
    public void keepOnly(Collection<Scorer> used) {
        List<ModelVersion> versions = new ArrayList<>();
        used.forEach(scorer -> versions.addAll(scorer.models()));
        shelf.keepOnly(versions);
    }

    @Override
    public void close() {
        keepOnly(List.of());
    }
}
