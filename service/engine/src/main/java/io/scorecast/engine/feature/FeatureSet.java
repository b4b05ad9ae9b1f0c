package io.scorecast.engine.feature;

import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.YamlNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The features of one consumer (a model version, a policy, a feature file) in the order of their definition, or a
 * selection of them in another order. Immutable.
 */
public final class FeatureSet {

    /** No feature at all. */
    public static final FeatureSet EMPTY = new FeatureSet(List.of(), new int[0]);

    /** All features that were defined, each behind those that it reads. */
    private final List<Feature> features;

    /** Positions among {@link #features}, in this set's own order. */
    private final int[] chosen;

    private final Map<String, Integer> index = new HashMap<>();
    private final List<String> names;

    FeatureSet(List<Feature> features, int[] chosen) {
        this.features = List.copyOf(features);
        this.chosen = chosen.clone();
        List<String> found = new ArrayList<>(chosen.length);
        for (int i = 0; i < chosen.length; i++) {
            found.add(features.get(chosen[i]).name());
            index.putIfAbsent(found.getLast(), i);
        }
        names = List.copyOf(found);
    }

    /**
     * Reads the list under {@code features:}. What is wrong is reported to the node's problems, all at once; the set may
     * be used only if nothing was.
     */
    public static FeatureSet read(YamlNode features, VocabularyFiles files) {
        return FeatureSetReader.read(features, files);
    }

    /**
     * Reads a feature file: a YAML mapping whose one key is {@code features}.
     *
     * @param source the file as its author would name it
     */
    public static FeatureSet readFile(String source, String text, VocabularyFiles files, Problems problems) {
        YamlNode root = YamlNode.parse(source, text, problems);
        if (root == null) {
            return EMPTY;
        }
        root.expectKeys(List.of("features"));
        YamlNode features = root.require("features");
        return features == null ? EMPTY : read(features, files);
    }

    /** The number of features. */
    public int size() {
        return chosen.length;
    }

    /** The features' names, in order. */
    public List<String> names() {
        return names;
    }

    /** The position of a feature, -1 if there is none of that name. */
    public int indexOf(String name) {
        return index.getOrDefault(name, -1);
    }

    /** What a feature gives. */
    public FeatureType type(int feature) {
        return definition(feature).type();
    }

    /** How many numbers a feature gives: 1, the length of a vector or sequence, 0 for a text. */
    public int width(int feature) {
        return definition(feature).width();
    }

    /** How many numbers all features give together: the width of a row. */
    public int width() {
        return Arrays.stream(chosen)
                .map(f -> features.get(f).definition().width())
                .sum();
    }

    /** The names of a row's columns: a vector or sequence {@code v} of three is {@code v_0, v_1, v_2}; texts have none. */
    public List<String> columns() {
        List<String> columns = new ArrayList<>();
        for (int feature : chosen) {
            columns.addAll(columns(features.get(feature)));
        }
        return columns;
    }

    static List<String> columns(Feature feature) {
        if (feature.definition().type() == FeatureType.NUMBER) {
            return List.of(feature.name());
        }
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < feature.definition().width(); i++) {
            columns.add(feature.name() + "_" + i);
        }
        return columns;
    }

    /**
     * How fast a feature grows with time alone, per day: 1 for {@code days_since_…}, 0 for what changes only with events
     * or in steps that {@link FeaturePlan.State#validUntil} tells, and for what drifts as a score does (decays, rates,
     * and what is computed from such features), within the age limit of an answer.
     */
    public double slope(int feature) {
        return definition(feature).slope();
    }

    /**
     * Some of the features, in the order given, as the input of a model names them.
     *
     * @throws IllegalArgumentException if a name is unknown
     */
    public FeatureSet select(List<String> wanted) {
        int[] selected = new int[wanted.size()];
        for (int i = 0; i < selected.length; i++) {
            int position = indexOf(wanted.get(i));
            if (position < 0) {
                throw new IllegalArgumentException("no feature " + wanted.get(i));
            }
            selected[i] = chosen[position];
        }
        return new FeatureSet(features, selected);
    }

    private Definition definition(int feature) {
        return features.get(chosen[feature]).definition();
    }

    List<Feature> features() {
        return features;
    }

    int[] chosen() {
        return chosen.clone();
    }
}
