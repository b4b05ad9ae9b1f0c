package io.scorecast.engine.scorer;

import io.scorecast.engine.feature.FeaturePlan;
import io.scorecast.engine.pair.PairPlan;
import io.scorecast.engine.pair.Pairs;
import io.scorecast.engine.policy.PolicyResult;
import io.scorecast.engine.prediction.ItemList;
import io.scorecast.engine.prediction.Reason;
import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.ProfileDecoder;
import io.scorecast.engine.profile.Truth;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The scratch space of one customer in a batch, reused from batch to batch. */
final class Row {

    /** The permission to be scored; what silence means is a setting. */
    static final String PROFILING = "profiling";

    private final ProfileDecoder decoder;
    private final FeaturePlan.State features;
    private final @Nullable PolicyResult rules;

    /** By score output: what is published, and its place among bands and percentiles. */
    final double[] scores;

    final int[] bands;
    final int[] percentiles;

    /** By items output, before rules and exclusions. */
    final ItemList[] lists;

    /** By items output: all candidates in the model's order, if the model ranks pairs and did so here. */
    final @Nullable RankedList[] ranked;

    /** By model: the customer's pairs, if the model ranks pairs. */
    final @Nullable Pairs[] pairs;

    /** By model: whether it failed here. */
    final boolean[] degraded;

    private @Nullable Question question;
    private @Nullable Profile profile;
    private @Nullable Reason reason;
    private int events;

    Row(ProfileDecoder decoder, FeaturePlan.State features, @Nullable PolicyResult rules, Scorer scorer) {
        this.decoder = decoder;
        this.features = features;
        this.rules = rules;
        int outputs = scorer.schema().scores().size();
        scores = new double[outputs];
        bands = new int[outputs];
        percentiles = new int[outputs];
        lists = new ItemList[scorer.schema().lists().size()];
        ranked = new RankedList[lists.length];
        pairs = new Pairs[scorer.planned().size()];
        for (int m = 0; m < pairs.length; m++) {
            PairPlan plan = scorer.planned().get(m).pairs();
            pairs[m] = plan == null ? null : plan.newPairs();
        }
        degraded = new boolean[scorer.planned().size()];
    }

    /**
     * Decodes a log and computes the features as of the question's instant, unless there is nothing or no right to
     * compute.
     *
     * @param consentRequired whether silence about profiling is an objection
     */
    void begin(FeaturePlan plan, Question asked, byte[] log, int offset, int length, boolean consentRequired) {
        question = asked;
        Arrays.fill(degraded, false);
        Profile decoded = decoder.decode(log, offset, length);
        profile = decoded;
        decoded.asOf(asked.now(), false);
        Truth consent = decoded.consent(PROFILING);
        if (asked.at() != asked.now()) {
            decoded.asOf(asked.at(), false);
        }
        events = decoded.size();
        reason = reason(consent, consentRequired);
        if (reason == null) {
            plan.compute(decoded, features);
        }
    }

    private @Nullable Reason reason(Truth consent, boolean consentRequired) {
        if (isObjected(consent, events, consentRequired)) {
            return Reason.OPTED_OUT;
        }
        return events == 0 ? Reason.UNKNOWN_CUSTOMER : null;
    }

    /**
     * Whether a customer may not be profiled.
     *
     * @param consent what was said about {@link #PROFILING}
     * @param events how many are known; of a stranger nothing is asked
     * @param consentRequired whether silence is an objection
     */
    static boolean isObjected(Truth consent, int events, boolean consentRequired) {
        return consent == Truth.NO || (consent == Truth.MISSING && consentRequired && events > 0);
    }

    Question question() {
        return Objects.requireNonNull(question);
    }

    Profile profile() {
        return Objects.requireNonNull(profile);
    }

    FeaturePlan.State features() {
        return features;
    }

    @Nullable
    PolicyResult rules() {
        return rules;
    }

    /** Why there is no personal answer; null if there is one. */
    @Nullable
    Reason reason() {
        return reason;
    }

    /** The visible events. */
    int events() {
        return events;
    }
}
