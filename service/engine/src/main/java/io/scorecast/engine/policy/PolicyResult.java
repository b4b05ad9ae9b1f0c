package io.scorecast.engine.policy;

import io.scorecast.engine.event.EventType;
import io.scorecast.engine.model.Rounding;
import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.Truth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the rules said of one customer. Reused from customer to customer, owned by one thread. */
public final class PolicyResult {

    private static final double MILLIS_PER_DAY = 86_400_000;
    private static final int PURCHASE = EventType.PURCHASE.ordinal();

    private final Rules rules;
    private final Values values;
    private final double[] points;
    private final boolean[] in;
    private final List<String> segments = new ArrayList<>();
    private final List<Recommendation> recommendations = new ArrayList<>();
    private @Nullable String segment;
    private int rank;
    private @Nullable String decision;
    private long boughtWithin;
    private double turnsIn;

    PolicyResult(Rules rules, Values values) {
        this.rules = rules;
        this.values = values;
        points = new double[rules.points().size()];
        in = new boolean[rules.segments().size()];
        clear();
    }

    // For the plan.

    Values values() {
        return values;
    }

    void clear() {
        Arrays.fill(points, 0);
        Arrays.fill(in, false);
        segments.clear();
        recommendations.clear();
        segment = null;
        rank = -1;
        decision = null;
        boughtWithin = 0;
        turnsIn = Double.POSITIVE_INFINITY;
    }

    void points(int index, double sum) {
        points[index] = sum;
    }

    boolean isIn(int index) {
        return in[index];
    }

    void enter(int index, Rules.Segment entered) {
        in[index] = true;
        segments.add(entered.name());
        if (entered.rank() > rank) {
            rank = entered.rank();
            segment = entered.name();
        }
    }

    void decide(String name) {
        decision = name;
    }

    void recommend(Recommendation change) {
        recommendations.add(change);
        boughtWithin = Math.max(boughtWithin, change.excludeBoughtWithin());
    }

    void turns(double days) {
        turnsIn = Math.min(turnsIn, days);
    }

    /** Days until the first purchase leaves the span in which what was bought is left out. */
    double boughtUntil(Profile profile) {
        double until = Double.POSITIVE_INFINITY;
        long instant = profile.instant();
        for (int i = profile.size() - 1; boughtWithin > 0 && i >= 0 && profile.time(i) > instant - boughtWithin; i--) {
            if (profile.type(i) == PURCHASE) {
                until = (profile.time(i) + boughtWithin - instant) / MILLIS_PER_DAY;
            }
        }
        return until;
    }

    /** Gives other values of the same customer what the rules said. */
    void passOn(Values others) {
        for (int i = 0; i < points.length; i++) {
            others.setPoints(rules.points().get(i).slot(), points[i]);
        }
        others.setSegments(segments);
    }

    // For who asks.

    /** A score by points. */
    public double points(int index) {
        return points[index];
    }

    /** The names of the segments that hold, in order. */
    public List<String> segments() {
        return segments;
    }

    /** The deepest of the last branch that holds; null if none does. */
    public @Nullable String segment() {
        return segment;
    }

    /** Null if no decision holds. */
    public @Nullable String decision() {
        return decision;
    }

    /**
     * The value of {@code respond}'s i-th field: String, Double, Boolean; null if missing. A feature's number has six
     * significant digits, unless it is whole; an attribute's stays as it was given.
     */
    public @Nullable Object response(int index) {
        return switch (rules.responses().get(index).of()) {
            case Binding.Feature feature -> {
                String text = values.text(feature);
                yield text == null ? number(published(values.number(feature))) : text;
            }
            case Binding.Attribute attribute ->
                switch (attribute.type()) {
                    case STRING -> values.text(attribute);
                    case NUMBER -> number(values.number(attribute));
                    case BOOLEAN -> {
                        Truth truth = values.truth(attribute);
                        yield truth == Truth.MISSING ? null : truth == Truth.YES;
                    }
                };
            case Binding.Score none -> null;
            case Binding.Band none -> null;
            case Binding.Percentile none -> null;
            case Binding.Points none -> null;
            case Binding.Segments none -> null;
        };
    }

    private static @Nullable Double number(double value) {
        return Double.isNaN(value) ? null : value;
    }

    private static double published(double value) {
        return value == Math.rint(value) ? value : Rounding.sixDigits(value);
    }

    /** The {@code recommend} rules that hold. */
    public List<Recommendation> recommendations() {
        return recommendations;
    }

    /** Days until time alone may change any of this; {@link Double#POSITIVE_INFINITY} if it cannot. */
    public double turnsIn() {
        return turnsIn;
    }
}
