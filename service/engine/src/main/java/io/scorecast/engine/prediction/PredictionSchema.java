package io.scorecast.engine.prediction;

import io.scorecast.engine.model.AnswerNames;
import java.util.List;
import java.util.Map;

/**
 * What the predictions of one Scorer have in common: the names of their fields, in the order in which they are
 * answered. Immutable; a {@link Prediction} holds arrays in this order and no names of its own.
 *
 * @param scores the numeric outputs of the models
 * @param lists the recommended lists; the first named {@code items} is the primary one
 * @param points the scores that the policy gives by points
 * @param versions the version of each model and of the policy
 */
public record PredictionSchema(
        List<Score> scores, List<Items> lists, List<String> points, Map<String, Integer> versions) {

    /** The fields that every answer may have: no output, point or response may take their names. */
    public static final List<String> RESERVED = AnswerNames.OWN;

    /** What an item of a list may say of itself; a flat field's name ends with one of them. */
    public static final List<String> ITEM_PARTS = AnswerNames.ITEM_PARTS;

    public PredictionSchema {
        scores = List.copyOf(scores);
        lists = List.copyOf(lists);
        points = List.copyOf(points);
        versions = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(versions));
    }

    /**
     * A numeric output.
     *
     * @param name the field's name
     * @param model the model that it comes from
     * @param bands its bands' names from the lowest, empty if it has none
     * @param percentiles whether it has percentiles
     */
    public record Score(String name, String model, List<String> bands, boolean percentiles) {
        public Score {
            bands = List.copyOf(bands);
        }
    }

    /**
     * A list of items.
     *
     * @param name the field's name
     * @param model the model that it comes from
     * @param shown how many are answered unless the caller says less
     */
    public record Items(String name, String model, int shown) {

        /** How the flat fields begin: {@code item} for {@code items}, else the list's own name. */
        public String flatPrefix() {
            return name.equals("items") ? "item" : name;
        }
    }
}
