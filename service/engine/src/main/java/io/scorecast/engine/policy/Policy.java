package io.scorecast.engine.policy;

import io.scorecast.engine.feature.FeaturePlan;
import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.model.OutputSpec;
import io.scorecast.engine.model.VersionFolder;
import io.scorecast.engine.problem.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A policy version, bound to the outputs of the models that it is live with. Immutable and shared by threads. */
public final class Policy {

    private final VersionFolder folder;
    private final List<OutputSpec> outputs;
    private final FeatureSet features;
    private final Rules rules;
    private final Names names;
    private final List<Binding> bindings;

    Policy(VersionFolder folder, List<OutputSpec> outputs, FeatureSet features, Rules rules, Names names) {
        this.folder = folder;
        this.outputs = List.copyOf(outputs);
        this.features = features;
        this.rules = rules;
        this.names = names;
        this.bindings = names.bindings();
    }

    /**
     * Reads {@code models/policy/<version>}: hashes, schema, features, rules; binds the rules to the models' outputs.
     *
     * @param outputs of all models that go live with it
     * @return null, with every reason among the problems, if it cannot be served
     */
    public static @Nullable Policy read(Path folder, List<OutputSpec> outputs, Problems problems) {
        return PolicyReader.read(folder, outputs, problems);
    }

    /** Where it was read. */
    public Path folder() {
        return folder.path();
    }

    /** Whether these outputs, in this order, are those that the rules were bound to. */
    public boolean isBoundTo(List<OutputSpec> others) {
        return outputs.equals(others);
    }

    public int version() {
        return folder.version();
    }

    /** SHA-256 of the folder's SHA256SUMS. */
    public String checksum() {
        return folder.checksum();
    }

    /** The rules' own features; planned together with the models'. */
    public FeatureSet features() {
        return features;
    }

    /** The names of the scores by points, in order: fields of the answer. */
    public List<String> points() {
        return rules.points().stream().map(Rules.Points::name).toList();
    }

    /** All segments in order. */
    public List<String> segments() {
        return rules.segments().stream().map(Rules.Segment::name).toList();
    }

    /** All decisions in order. */
    public List<String> decisions() {
        return rules.decisions().stream().map(Rules.Decision::name).toList();
    }

    /** The rules that add points, as they were written. */
    public List<WrittenRule> writtenPoints() {
        List<WrittenRule> written = new ArrayList<>();
        for (Rules.Points score : rules.points()) {
            score.parts().forEach(part -> written.add(new WrittenRule(score.name(), part.text(), part.add())));
        }
        return written;
    }

    /** All segments in order, as they were written. */
    public List<WrittenRule> writtenSegments() {
        return rules.segments().stream()
                .map(segment -> new WrittenRule(segment.name(), segment.text(), 0))
                .toList();
    }

    /** All decisions in order, as they were written. */
    public List<WrittenRule> writtenDecisions() {
        return rules.decisions().stream()
                .map(decision -> new WrittenRule(decision.name(), decision.text(), 0))
                .toList();
    }

    /** The decision for customers who cannot be scored: the one without a condition; null if there is none. */
    public @Nullable String defaultDecision() {
        for (Rules.Decision decision : rules.decisions()) {
            if (decision.when() == null) {
                return decision.name();
            }
        }
        return null;
    }

    /** The names of the answer's own fields from {@code respond}, in order. */
    public List<String> responses() {
        return rules.responses().stream().map(Rules.Response::field).toList();
    }

    /** What rules may name. */
    Names names() {
        return names;
    }

    /** Binds the policy's features to the plan that computes them. */
    public PolicyPlan plan(FeaturePlan plan) {
        return new PolicyPlan(rules, bindings, features, plan.reader(features));
    }
}
