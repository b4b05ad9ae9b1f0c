package io.scorecast.engine.policy;

import io.scorecast.engine.expression.Variables;
import io.scorecast.engine.feature.FeaturePlan;
import io.scorecast.engine.feature.FeatureReader;
import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.Truth;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The values of the rules' variables for one customer, read where they stand when a rule asks for them. */
final class Values implements Variables {

    private final Binding[] bindings;
    private final double[] slopes;
    private final FeatureReader reader;
    private final double[] points;
    private List<String> segments = List.of();

    private @Nullable Profile profile;
    private FeaturePlan.@Nullable State state;
    private double[] scores = {};
    private int[] bands = {};
    private int[] percentiles = {};

    Values(List<Binding> bindings, double[] slopes, FeatureReader reader) {
        this.bindings = bindings.toArray(Binding[]::new);
        this.slopes = slopes;
        this.reader = reader;
        points = new double[this.bindings.length];
    }

    void begin(Profile customer, FeaturePlan.State features, double[] published, int[] band, int[] percentile) {
        profile = customer;
        state = features;
        scores = published;
        bands = band;
        percentiles = percentile;
        segments = List.of();
    }

    void setPoints(int slot, double sum) {
        points[slot] = sum;
    }

    void setSegments(List<String> held) {
        segments = held;
    }

    @Override
    public double number(int slot) {
        return switch (bindings[slot]) {
            case Binding.Feature feature -> number(feature);
            case Binding.Attribute attribute -> number(attribute);
            case Binding.Score score -> scores[score.output()];
            case Binding.Percentile percentile -> {
                int found = percentiles[percentile.output()];
                yield found < 0 ? Double.NaN : found;
            }
            case Binding.Points sum -> points[slot];
            case Binding.Band text -> Double.NaN;
            case Binding.Segments list -> Double.NaN;
        };
    }

    @Override
    public @Nullable String text(int slot) {
        return switch (bindings[slot]) {
            case Binding.Feature feature -> text(feature);
            case Binding.Attribute attribute -> text(attribute);
            case Binding.Band band -> {
                int found = bands[band.output()];
                yield found < 0 ? null : band.names().get(found);
            }
            case Binding.Score number -> null;
            case Binding.Percentile number -> null;
            case Binding.Points number -> null;
            case Binding.Segments list -> null;
        };
    }

    @Override
    public Truth truth(int slot) {
        return bindings[slot] instanceof Binding.Attribute attribute ? truth(attribute) : Truth.MISSING;
    }

    @Override
    public boolean contains(int slot, String word) {
        return segments.contains(word);
    }

    @Override
    public double slope(int slot) {
        return slopes[slot];
    }

    double number(Binding.Feature feature) {
        return reader.number(Objects.requireNonNull(state), feature.position());
    }

    double number(Binding.Attribute attribute) {
        return Objects.requireNonNull(profile).attributes().number(attribute.path());
    }

    @Nullable
    String text(Binding.Feature feature) {
        return reader.text(Objects.requireNonNull(state), feature.position());
    }

    @Nullable
    String text(Binding.Attribute attribute) {
        return Objects.requireNonNull(profile).attributes().text(attribute.path());
    }

    Truth truth(Binding.Attribute attribute) {
        return Objects.requireNonNull(profile).attributes().truth(attribute.path());
    }
}
