package io.scorecast.engine.policy;

import io.scorecast.engine.expression.Condition;
import io.scorecast.engine.expression.Expressions;
import io.scorecast.engine.expression.NumberExpression;
import io.scorecast.engine.expression.Scope;
import io.scorecast.engine.feature.FeatureReader;
import io.scorecast.engine.model.OutputSpec;
import io.scorecast.engine.problem.YamlNode;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names by which scored customers are chosen: everything that a rule sees, and what the rules said: {@code decision}
 * and {@code segment}. Immutable.
 */
public final class ResultScope {

    static final String SEGMENT = "segment";
    static final String DECISION = "decision";

    private final Names names;
    private final @Nullable Policy policy;
    private final List<Binding> bindings;

    private ResultScope(Names names, @Nullable Policy policy) {
        this.names = names;
        this.policy = policy;
        this.bindings = names.bindings();
    }

    /**
     * The names of a policy, or, without one, of the outputs alone.
     *
     * @param outputs those that the policy is bound to
     */
    public static ResultScope of(List<OutputSpec> outputs, @Nullable Policy policy) {
        return new ResultScope(policy == null ? new Names(outputs) : policy.names(), policy);
    }

    /** A condition over these names; null, with problems, if it is wrong or can never hold. */
    public @Nullable Condition condition(YamlNode text) {
        return RuleText.condition(text, scope());
    }

    /** A number over these names; null, with problems, if it is wrong. */
    public @Nullable NumberExpression number(YamlNode text) {
        return Expressions.number(text, scope());
    }

    /** The rules' slots first; the policy's own names are never hidden by the two that are added. */
    private Scope scope() {
        Scope scope = names.scope(policy == null ? List.of() : policy.segments());
        scope.text(
                names.binding(SEGMENT) == null ? SEGMENT : " ",
                SEGMENT,
                policy == null ? List.of() : policy.segments());
        scope.text(
                names.binding(DECISION) == null ? DECISION : "  ",
                DECISION,
                policy == null ? List.of() : policy.decisions());
        return scope;
    }

    /**
     * Room for one customer's values, for one thread.
     *
     * @param reader of the policy's features; of none without a policy
     */
    public ResultVariables newVariables(FeatureReader reader) {
        double[] slopes = new double[bindings.size()];
        Arrays.fill(slopes, 0);
        return new ResultVariables(new Values(bindings, slopes, reader), bindings.size());
    }
}
