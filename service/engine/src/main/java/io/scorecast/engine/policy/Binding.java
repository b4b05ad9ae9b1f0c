package io.scorecast.engine.policy;

import io.scorecast.engine.feature.FeatureType;
import java.util.List;

/** What a rule's variable stands for. */
sealed interface Binding {

    /**
     * One of the policy's own features.
     *
     * @param position in its set
     */
    record Feature(int position, FeatureType type) implements Binding {}

    /** An attribute of the customer. */
    record Attribute(String path, AttributeType type) implements Binding {}

    /**
     * A published score.
     *
     * @param output its position among the score outputs
     */
    record Score(int output) implements Binding {}

    /** The name of a score's band. */
    record Band(int output, List<String> names) implements Binding {}

    /** A score's percentile. */
    record Percentile(int output) implements Binding {}

    /** A score by points; it is there once the points are counted. */
    record Points() implements Binding {}

    /** The names of the segments that hold. */
    record Segments() implements Binding {}

    /** What an attribute is declared to be; a value of another type is missing. */
    enum AttributeType {
        STRING,
        NUMBER,
        BOOLEAN
    }
}
