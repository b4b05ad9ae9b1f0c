package io.scorecast.engine.policy;

import io.scorecast.engine.feature.FeaturePlan;
import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.model.OutputSpec;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.profile.Profile;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A policy version, bound to the outputs of the models that it is live with. Immutable and shared by threads.
 *
 * <p>SKELETON by lead for helper "rules": this is what the scorer calls; keep the meaning, better the rest.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Policy {

    private Policy() {}

    /**
     * Reads {@code models/policy/<version>}: hashes, schema, features, rules; binds the rules to the models' outputs.
     *
     * @param outputs of all models that go live with it
     * @return null, with every reason among the problems, if it cannot be served
     */
    public static @Nullable Policy read(Path folder, List<OutputSpec> outputs, Problems problems) {
        throw new UnsupportedOperationException();
    }

    /** Where it was read. */
    public Path folder() {
        throw new UnsupportedOperationException();
    }

    /** The same rules over other models; null, with every reason among the problems, if they do not fit. */
    public @Nullable Policy rebind(List<OutputSpec> outputs, Problems problems) {
        throw new UnsupportedOperationException();
    }

    public int version() {
        throw new UnsupportedOperationException();
    }

    /** SHA-256 of the folder's SHA256SUMS. */
    public String checksum() {
        throw new UnsupportedOperationException();
    }

    /** The rules' own features; planned together with the models'. */
    public FeatureSet features() {
        throw new UnsupportedOperationException();
    }

    /** The names of the scores by points, in order: fields of the answer. */
    public List<String> points() {
        throw new UnsupportedOperationException();
    }

    /** All segments in order. */
    public List<String> segments() {
        throw new UnsupportedOperationException();
    }

    /** All decisions in order. */
    public List<String> decisions() {
        throw new UnsupportedOperationException();
    }

    /** The decision for customers who cannot be scored; null if the policy makes no decisions. */
    public @Nullable String defaultDecision() {
        throw new UnsupportedOperationException();
    }

    /** The names of the answer's own fields from {@code respond}, in order. */
    public List<String> responses() {
        throw new UnsupportedOperationException();
    }

    /** Binds the policy's features to the plan that computes them. */
    public PolicyPlan plan(FeaturePlan plan) {
        throw new UnsupportedOperationException();
    }

    /** A policy within a feature plan. Immutable. */
    public interface PolicyPlan {

        /** Room for one customer's results, reused. */
        PolicyResult newResult();

        /**
         * Evaluates all rules for one customer.
         *
         * @param scores by score output, in the order of {@link #read}'s outputs (items outputs left out): published
         *     score, NaN if missing; bands and percentiles are looked up by the caller
         */
        void evaluate(
                Profile profile,
                FeaturePlan.State state,
                double[] scores,
                int[] bands,
                int[] percentiles,
                PolicyResult result);
    }

    /** What the rules said of one customer. */
    public interface PolicyResult {

        double points(int index);

        /** The names of the segments that hold, in order. */
        List<String> segments();

        /** The deepest of the last branch that holds; null if none does. */
        @Nullable
        String segment();

        /** Null if the policy makes no decisions. */
        @Nullable
        String decision();

        /** The value of {@code respond}'s i-th field: String, Double, Boolean; null if missing. */
        @Nullable
        Object response(int index);

        /** The {@code recommend} rules that hold. */
        List<Recommendation> recommendations();

        /** Days until time alone may change any of this; {@link Double#POSITIVE_INFINITY} if it cannot. */
        double turnsIn();
    }

    /**
     * One rule of {@code recommend}, without its condition.
     *
     * @param boost category paths with the factor on the scores of the items below them
     * @param exclude ids or category paths
     * @param excludeBoughtWithin milliseconds before the instant; 0 for none
     */
    public record Recommendation(List<Boost> boost, List<String> exclude, long excludeBoughtWithin) {

        public Recommendation {
            boost = List.copyOf(boost);
            exclude = List.copyOf(exclude);
        }
    }

    /** A factor on the scores of the items whose category is {@code category} or below it. */
    public record Boost(String category, double by) {}
}
