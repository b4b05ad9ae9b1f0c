package io.scorecast.engine.scorer;

import io.scorecast.engine.expression.Condition;
import io.scorecast.engine.expression.NumberExpression;
import io.scorecast.engine.feature.FeatureReader;
import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.model.BoundOutput;
import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.model.OutputSpec;
import io.scorecast.engine.policy.Policy;
import io.scorecast.engine.policy.ResultScope;
import io.scorecast.engine.policy.ResultVariables;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.YamlNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among scored customers: by a condition, and by a number that the best are ranked by, both CEL over all that a
 * policy's rules see and over {@code segment} and {@code decision}. Immutable; each thread asks a {@link Reader} of its own.
 */
public final class Selector {

    private final ResultScope scope;
    private final @Nullable Condition where;
    private final @Nullable NumberExpression by;
    private final FeatureReader features;

    private Selector(
            ResultScope scope, @Nullable Condition where, @Nullable NumberExpression by, FeatureReader features) {
        this.scope = scope;
        this.where = where;
        this.by = by;
        this.features = features;
    }

    /**
     * Compiles both.
     *
     * @param where null chooses everybody who can be scored
     * @param by null where nothing is ranked
     * @param problems takes what is wrong with them, by the names {@code where} and {@code by}
     */
    public static Selector of(Scorer scorer, @Nullable String where, @Nullable String by, Problems problems) {
        List<OutputSpec> outputs = new ArrayList<>();
        for (ModelVersion model : scorer.models()) {
            for (BoundOutput output : model.outputs()) {
                outputs.add(output.spec());
            }
        }
        Policy policy = scorer.policy();
        ResultScope scope = ResultScope.of(outputs, policy);
        YamlNode condition = where == null ? null : scalar("where", where, problems);
        YamlNode number = by == null ? null : scalar("by", by, problems);
        return new Selector(
                scope,
                condition == null ? null : scope.condition(condition),
                number == null ? null : scope.number(number),
                scorer.plan().reader(policy == null ? FeatureSet.EMPTY : policy.features()));
    }

    private static @Nullable YamlNode scalar(String source, String text, Problems problems) {
        return YamlNode.parse(source, "'" + text.replace("'", "''") + "'", problems);
    }

    public Reader newReader() {
        return new Reader(scope.newVariables(features));
    }

    /** Asks about customers, one after the other; owned by one thread. */
    public final class Reader {

        private final ResultVariables variables;

        Reader(ResultVariables variables) {
            this.variables = variables;
        }

        /** Turns to a customer of a batch that was scored and not cleared since. */
        public void at(ScoreBatch batch, int index) {
            Row row = batch.row(index);
            variables.begin(row.profile(), row.features(), row.scores, row.bands, row.percentiles, row.rules());
        }

        /** Whether the customer is chosen. */
        public boolean holds() {
            return where == null || where.holds(variables);
        }

        /** The number that the customer is ranked by; NaN if it is missing. */
        public double number() {
            return by == null ? Double.NaN : by.value(variables);
        }
    }
}
