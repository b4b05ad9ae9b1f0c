package io.scorecast.engine.model.forest;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a booster was trained for, as far as it matters afterwards: how its sums become predictions. */
enum Objective {
    BINARY_LOGISTIC(Link.SIGMOID, Start.LOGIT),
    REG_LOGISTIC(Link.SIGMOID, Start.LOGIT),
    BINARY_LOGITRAW(Link.IDENTITY, Start.AS_IS),
    BINARY_HINGE(Link.STEP, Start.AS_IS),
    REG_SQUAREDERROR(Link.IDENTITY, Start.AS_IS),
    REG_LINEAR(Link.IDENTITY, Start.AS_IS),
    REG_SQUAREDLOGERROR(Link.IDENTITY, Start.AS_IS),
    REG_PSEUDOHUBERERROR(Link.IDENTITY, Start.AS_IS),
    REG_ABSOLUTEERROR(Link.IDENTITY, Start.AS_IS),
    REG_QUANTILEERROR(Link.IDENTITY, Start.AS_IS),
    REG_GAMMA(Link.EXP, Start.LOG),
    REG_TWEEDIE(Link.EXP, Start.LOG),
    COUNT_POISSON(Link.EXP, Start.LOG),
    SURVIVAL_COX(Link.EXP, Start.LOG),
    SURVIVAL_AFT(Link.EXP, Start.LOG),
    RANK_PAIRWISE(Link.IDENTITY, Start.AS_IS),
    RANK_NDCG(Link.IDENTITY, Start.AS_IS),
    RANK_MAP(Link.IDENTITY, Start.AS_IS),
    MULTI_SOFTPROB(Link.SOFTMAX, Start.AS_IS),
    MULTI_SOFTMAX(Link.ARGMAX, Start.AS_IS);

    /** From a row's margins to its predictions. */
    enum Link {
        IDENTITY,
        SIGMOID,
        EXP,
        STEP,
        SOFTMAX,
        ARGMAX
    }

    /** How the file's base score, which is written as a prediction, becomes the margin that the trees add to. */
    private enum Start {
        AS_IS,
        LOGIT,
        LOG
    }

    /** XGBoost's guard against dividing by zero, and against the overflow of exp. */
    private static final float EPSILON = 1e-16f;

    private static final float OVERFLOW = 88.7f;

    private final Link link;
    private final Start start;

    Objective(Link link, Start start) {
        this.link = link;
        this.start = start;
    }

    /** Null for one that only XGBoost itself knows how to apply. */
    static @Nullable Objective named(String name) {
        for (Objective objective : values()) {
            if (objective.name().replaceFirst("_", ":").toLowerCase(Locale.ROOT).equals(name)) {
                return objective;
            }
        }
        return null;
    }

    /** Whether {@link #predict} writes as many numbers as there are margins; else it writes one. */
    boolean keepsWidth() {
        return link != Link.ARGMAX;
    }

    /** The margin that trees add to; not finite if the base score is out of the objective's range. */
    float margin(float baseScore) {
        return switch (start) {
            case AS_IS -> baseScore;
            case LOGIT -> -(float) Math.log(1f / baseScore - 1f);
            case LOG -> (float) Math.log(baseScore);
        };
    }

    /** Turns {@code rows} rows of {@code groups} margins into predictions, in single precision like XGBoost. */
    void predict(float[] margins, int rows, int groups, float[] predictions) {
        int numbers = rows * groups;
        switch (link) {
            case IDENTITY -> System.arraycopy(margins, 0, predictions, 0, numbers);
            case SIGMOID -> {
                for (int i = 0; i < numbers; i++) {
                    float power = (float) Math.exp(Math.min(-margins[i], OVERFLOW));
                    predictions[i] = 1f / (power + 1f + EPSILON);
                }
            }
            case EXP -> {
                for (int i = 0; i < numbers; i++) {
                    predictions[i] = (float) Math.exp(margins[i]);
                }
            }
            case STEP -> {
                for (int i = 0; i < numbers; i++) {
                    predictions[i] = margins[i] > 0 ? 1 : 0;
                }
            }
            case SOFTMAX -> {
                for (int r = 0; r < rows; r++) {
                    softmax(margins, r * groups, groups, predictions);
                }
            }
            case ARGMAX -> {
                for (int r = 0; r < rows; r++) {
                    predictions[r] = greatest(margins, r * groups, groups);
                }
            }
        }
    }

    private static void softmax(float[] margins, int from, int groups, float[] predictions) {
        float most = margins[from + greatest(margins, from, groups)];
        double sum = 0;
        for (int g = from; g < from + groups; g++) {
            predictions[g] = (float) Math.exp(margins[g] - most);
            sum += predictions[g];
        }
        for (int g = from; g < from + groups; g++) {
            predictions[g] /= (float) sum;
        }
    }

    /** The first of the greatest. */
    private static int greatest(float[] margins, int from, int groups) {
        int best = 0;
        for (int g = 1; g < groups; g++) {
            if (margins[from + g] > margins[from + best]) {
                best = g;
            }
        }
        return best;
    }
}
