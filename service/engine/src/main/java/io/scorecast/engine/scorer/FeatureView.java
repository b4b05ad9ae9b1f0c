package io.scorecast.engine.scorer;

import io.scorecast.engine.feature.FeaturePlan;
import io.scorecast.engine.feature.FeatureReader;
import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.feature.FeatureType;
import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.policy.Policy;
import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.ProfileDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The features of one model or of the policy with their values, for whoever wants to look: not for the scoring path. */
public final class FeatureView {

    /** How the policy is asked for, as if it were a model. */
    public static final String POLICY = "policy";

    private final FeatureSet features;
    private final FeaturePlan plan;
    private final FeatureReader reader;
    private final ScorerSettings settings;
    private final boolean unrounded;

    private FeatureView(Scorer scorer, FeatureSet features, boolean unrounded) {
        this.features = features;
        this.plan = scorer.plan();
        this.reader = plan.reader(features);
        this.settings = scorer.settings();
        this.unrounded = unrounded;
    }

    /** The features that a model, or {@code policy}, reads; null if it is not live. */
    public static @Nullable FeatureView of(Scorer scorer, String model) {
        Policy policy = scorer.policy();
        if (model.equals(POLICY)) {
            return policy == null ? null : new FeatureView(scorer, policy.features(), true);
        }
        for (ModelVersion version : scorer.models()) {
            if (version.name().equals(model)) {
                return new FeatureView(scorer, version.features(), false);
            }
        }
        return null;
    }

    /**
     * Whether the customer may not be profiled: nothing is to be computed then.
     *
     * @param now epoch milliseconds; an objection counts as known now, whatever instant is asked for
     */
    public boolean isObjected(byte[] log, int offset, int length, long now) {
        Profile profile = ProfileDecoder.create(settings.sourcePriority()).decode(log, offset, length);
        profile.asOf(now, false);
        return Row.isObjected(profile.consent(Row.PROFILING), profile.size(), settings.consentRequired());
    }

    /**
     * Computes the features from a log.
     *
     * @param at epoch milliseconds
     * @return by name, in the order of their definition: a {@link Double}, a {@link String}, a list of numbers, or null
     *     where it is missing
     */
    public Map<String, @Nullable Object> compute(byte[] log, int offset, int length, long at) {
        Profile profile = ProfileDecoder.create(settings.sourcePriority()).decode(log, offset, length);
        profile.asOf(at, false);
        FeaturePlan.State state = plan.newState();
        plan.compute(profile, state);
        float[] row = new float[features.width()];
        reader.write(state, row, 0);
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        int column = 0;
        for (int i = 0; i < features.size(); i++) {
            values.put(features.names().get(i), value(state, i, row, column));
            column += features.width(i);
        }
        return values;
    }

    private @Nullable Object value(FeaturePlan.State state, int feature, float[] row, int column) {
        FeatureType type = features.type(feature);
        return switch (type) {
            case TEXT -> reader.text(state, feature);
            case NUMBER -> finite(unrounded ? reader.number(state, feature) : row[column]);
            case VECTOR, SEQUENCE -> {
                List<@Nullable Double> numbers = new ArrayList<>();
                for (int i = 0; i < features.width(feature); i++) {
                    numbers.add(finite(row[column + i]));
                }
                yield numbers;
            }
        };
    }

    private static @Nullable Double finite(double number) {
        return Double.isNaN(number) ? null : number;
    }
}
