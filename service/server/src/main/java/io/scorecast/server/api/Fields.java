package io.scorecast.server.api;

import io.scorecast.engine.policy.Policy;
import io.scorecast.engine.prediction.PredictionSchema;
import io.scorecast.engine.scorer.Scorer;
import java.util.ArrayList;
import java.util.List;

/** The fields that an answer may have, whether or not a certain one has them. */
final class Fields {

    private Fields() {}

    /** All that are one value. */
    static List<String> of(Scorer scorer) {
        PredictionSchema schema = scorer.schema();
        List<String> fields = new ArrayList<>(PredictionSchema.RESERVED);
        fields.remove("versions");
        for (PredictionSchema.Score score : schema.scores()) {
            fields.add(score.name());
            if (!score.bands().isEmpty()) {
                fields.add(score.name() + "_band");
            }
            if (score.percentiles()) {
                fields.add(score.name() + "_percentile");
            }
        }
        fields.addAll(schema.points());
        for (PredictionSchema.Items list : schema.lists()) {
            for (int place = 1; place <= list.shown(); place++) {
                for (String part : PredictionSchema.ITEM_PARTS) {
                    fields.add(list.flatPrefix() + "_" + place + "_" + part);
                }
            }
        }
        Policy policy = scorer.policy();
        if (policy != null) {
            fields.addAll(policy.responses());
        }
        return fields;
    }
}
