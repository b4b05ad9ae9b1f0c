package io.scorecast.engine.feature;

import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.YamlNode;
import java.util.List;

/**
 * The features of one consumer (a model version, a policy, a feature file) in the order of their definition, or a
 * selection of them in another order. Immutable.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class FeatureSet {

    /** No feature at all. */
    public static final FeatureSet EMPTY = new FeatureSet();

    private FeatureSet() {}

    /**
     * Reads the list under {@code features:}. What is wrong is reported to the node's problems, all at once; the set may
     * be used only if nothing was.
     */
    public static FeatureSet read(YamlNode features, VocabularyFiles files) {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads a feature file: a YAML mapping whose one key is {@code features}.
     *
     * @param source the file as its author would name it
     */
    public static FeatureSet readFile(String source, String text, VocabularyFiles files, Problems problems) {
        throw new UnsupportedOperationException();
    }

    /** The number of features. */
    public int size() {
        return 0;
    }

    /** The features' names, in order. */
    public List<String> names() {
        return List.of();
    }

    /** The position of a feature, -1 if there is none of that name. */
    public int indexOf(String name) {
        return -1;
    }

    /** What a feature gives. */
    public FeatureType type(int feature) {
        throw new UnsupportedOperationException();
    }

    /** How many numbers a feature gives: 1, the length of a vector or sequence, 0 for a text. */
    public int width(int feature) {
        throw new UnsupportedOperationException();
    }

    /** How many numbers all features give together: the width of a row. */
    public int width() {
        return 0;
    }

    /** The names of a row's columns: a vector or sequence {@code v} of three is {@code v_0, v_1, v_2}; texts have none. */
    public List<String> columns() {
        return List.of();
    }

    /**
     * How fast a feature grows with time alone, per day: 1 for {@code days_since_…}, 0 for what changes only with events
     * or in steps that {@link FeaturePlan.State#validUntil} tells.
     */
    public double slope(int feature) {
        throw new UnsupportedOperationException();
    }

    /**
     * Some of the features, in the order given, as the input of a model names them.
     *
     * @throws IllegalArgumentException if a name is unknown
     */
    public FeatureSet select(List<String> names) {
        throw new UnsupportedOperationException();
    }
}
