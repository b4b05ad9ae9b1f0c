package io.scorecast.engine.policy;

import io.scorecast.engine.expression.Condition;
import io.scorecast.engine.feature.FeaturePlan;
import io.scorecast.engine.feature.FeatureReader;
import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.model.Rounding;
import io.scorecast.engine.profile.Profile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A policy within a feature plan. Immutable and shared by threads, each with its own {@link #newResult results}. */
public final class PolicyPlan {

    private final Rules rules;
    private final List<Binding> bindings;
    private final FeatureReader reader;

    /** By variable: how fast it grows with time alone, per day. */
    private final double[] slopes;

    PolicyPlan(Rules rules, List<Binding> bindings, FeatureSet features, FeatureReader reader) {
        this.rules = rules;
        this.bindings = bindings;
        this.reader = reader;
        slopes = new double[bindings.size()];
        for (int slot = 0; slot < slopes.length; slot++) {
            slopes[slot] =
                    bindings.get(slot) instanceof Binding.Feature feature ? features.slope(feature.position()) : 0;
        }
    }

    /** Room for one customer's results, reused. */
    public PolicyResult newResult() {
        return new PolicyResult(rules, new Values(bindings, slopes, reader));
    }

    /**
     * Evaluates all rules for one customer. What the results say of attributes and features is read when they are asked:
     * before profile and state take another customer.
     *
     * @param scores by score output, in the order of {@link Policy#read}'s outputs (items outputs left out): the
     *     published score, NaN if missing
     * @param bands index of each score's band, -1 if it has none
     * @param percentiles of each score, -1 if it has none
     */
    public void evaluate(
            Profile profile,
            FeaturePlan.State state,
            double[] scores,
            int[] bands,
            int[] percentiles,
            PolicyResult result) {
        Values values = result.values();
        values.begin(profile, state, scores, bands, percentiles);
        result.clear();
        count(values, result);
        segment(values, result);
        decide(values, result);
        recommend(values, result);
        result.turns(result.boughtUntil(profile));
    }

    private void count(Values values, PolicyResult result) {
        for (int i = 0; i < rules.points().size(); i++) {
            Rules.Points score = rules.points().get(i);
            double sum = 0;
            for (int p = 0; p < score.parts().size(); p++) {
                Rules.Point part = score.parts().get(p);
                if (holds(part.when(), values, result)) {
                    sum += part.add();
                }
            }
            double published = Rounding.sixDigits(sum);
            result.points(i, published);
            values.setPoints(score.slot(), published);
        }
    }

    /** A child is tested only where its parent holds; where it does not, time must turn the parent first. */
    private void segment(Values values, PolicyResult result) {
        for (int i = 0; i < rules.segments().size(); i++) {
            Rules.Segment segment = rules.segments().get(i);
            boolean open = segment.parent() < 0 || result.isIn(segment.parent());
            if (open && holds(segment.when(), values, result)) {
                result.enter(i, segment);
            }
        }
        values.setSegments(result.segments());
    }

    /** Decisions behind the one that is taken matter only once time has turned one before them. */
    private void decide(Values values, PolicyResult result) {
        for (int i = 0; i < rules.decisions().size(); i++) {
            Rules.Decision decision = rules.decisions().get(i);
            if (holds(decision.when(), values, result)) {
                result.decide(decision.name());
                return;
            }
        }
    }

    private void recommend(Values values, PolicyResult result) {
        for (int i = 0; i < rules.recommend().size(); i++) {
            Rules.Recommend rule = rules.recommend().get(i);
            if (holds(rule.when(), values, result)) {
                result.recommend(rule.change());
            }
        }
    }

    private static boolean holds(@Nullable Condition when, Values values, PolicyResult result) {
        if (when == null) {
            return true;
        }
        result.turns(when.turnsIn(values));
        return when.holds(values);
    }
}
