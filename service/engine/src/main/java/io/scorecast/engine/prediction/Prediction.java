package io.scorecast.engine.prediction;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller gets for one customer. Lists without names of their own follow the schema's order. Immutable.
 *
 * @param schema the names behind the lists
 * @param customer the customer's id
 * @param reason why the answer is not personal; null if it is
 * @param asOf the instant of the scores, epoch milliseconds
 * @param profileEvents the number of events that the scores were computed from
 * @param scores the outputs
 * @param lists the recommended lists
 * @param points the policy's points
 * @param segments the names of the segments that hold, in the policy's order
 * @param segment the deepest of the last branch that holds; null if none does
 * @param decision the decision; null without a policy
 * @param responses what the policy puts into the answer: a {@link String}, {@link Double} or {@link Boolean} by name
 * @param degraded the models that failed and whose fallback values stand here
 * @param validUntil the instant from which time alone may make this answer wrong, epoch milliseconds
 */
public record Prediction(
        PredictionSchema schema,
        String customer,
        @Nullable Reason reason,
        long asOf,
        int profileEvents,
        List<Score> scores,
        List<ItemList> lists,
        List<Double> points,
        List<String> segments,
        @Nullable String segment,
        @Nullable String decision,
        Map<String, Object> responses,
        List<String> degraded,
        long validUntil) {

    public Prediction {
        scores = List.copyOf(scores);
        lists = List.copyOf(lists);
        points = List.copyOf(points);
        responses = Collections.unmodifiableMap(new LinkedHashMap<>(responses));
        segments = List.copyOf(segments);
        degraded = List.copyOf(degraded);
    }

    public boolean personalized() {
        return reason == null;
    }

    /**
     * One output.
     *
     * @param value rounded to six significant digits; NaN leaves it out of the answer
     * @param band index of its band, -1 if it has none
     * @param percentile 0 to 100, -1 if it has none
     */
    public record Score(double value, int band, int percentile) {}
}
