package io.scorecast.engine.policy;

import io.scorecast.engine.expression.Variables;
import io.scorecast.engine.feature.FeaturePlan;
import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.Truth;
import org.jspecify.annotations.Nullable;

/** What is known of one scored customer, by the slots of a {@link ResultScope}. Reused, owned by one thread. */
public final class ResultVariables implements Variables {

    private final Values values;

    /** The slot of {@code segment}; that of {@code decision} is the next one. */
    private final int segment;

    private @Nullable PolicyResult result;

    ResultVariables(Values values, int segment) {
        this.values = values;
        this.segment = segment;
    }

    /**
     * Turns to a customer whose rules have been evaluated; all that is given must stay as it is while this is asked.
     *
     * @param said null without a policy
     */
    public void begin(
            Profile profile,
            FeaturePlan.State state,
            double[] scores,
            int[] bands,
            int[] percentiles,
            @Nullable PolicyResult said) {
        values.begin(profile, state, scores, bands, percentiles);
        result = said;
        if (said != null) {
            said.passOn(values);
        }
    }

    @Override
    public double number(int slot) {
        return slot < segment ? values.number(slot) : Double.NaN;
    }

    @Override
    public @Nullable String text(int slot) {
        if (slot < segment) {
            return values.text(slot);
        }
        PolicyResult said = result;
        return said == null ? null : slot == segment ? said.segment() : said.decision();
    }

    @Override
    public Truth truth(int slot) {
        return slot < segment ? values.truth(slot) : Truth.MISSING;
    }

    @Override
    public boolean contains(int slot, String word) {
        return slot < segment && values.contains(slot, word);
    }
}
