package io.scorecast.engine.pair;

import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.feature.VocabularyFiles;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.YamlNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a file declares about pairs: lists of candidates, and the features of a pair. Immutable. */
public final class PairSet {

    /** What names a pair in a table, so that no feature may be called so. */
    public static final List<String> RESERVED = List.of("list", "item");

    private final List<CandidateList> lists;
    private final List<PairFeature> features;

    PairSet(List<CandidateList> lists, List<PairFeature> features) {
        this.lists = List.copyOf(lists);
        this.features = List.copyOf(features);
    }

    /**
     * Reads the lists under {@code candidates:} and {@code pairs:}.
     *
     * @param names of features of the customer, which no feature of a pair may have
     * @return null, with every reason among the nodes' problems, if something is wrong
     */
    public static @Nullable PairSet read(
            YamlNode candidates, YamlNode pairs, List<String> names, VocabularyFiles files) {
        return new PairSetReader(files).read(candidates, pairs, names);
    }

    /**
     * What a feature file declares.
     *
     * @param pairs null if it says nothing of pairs
     */
    public record Declared(FeatureSet features, @Nullable PairSet pairs) {}

    /**
     * Reads a feature file that may declare pairs too: {@code features}, {@code candidates} and {@code pairs}.
     *
     * @param source the file as its author would name it
     */
    public static Declared readFile(String source, String text, VocabularyFiles files, Problems problems) {
        YamlNode root = YamlNode.parse(source, text, problems);
        if (root == null) {
            return new Declared(FeatureSet.EMPTY, null);
        }
        root.expectKeys(List.of("features", "candidates", "pairs"));
        YamlNode features = root.require("features");
        FeatureSet set = features == null ? FeatureSet.EMPTY : FeatureSet.read(features, files);
        YamlNode candidates = root.get("candidates");
        YamlNode pairs = root.get("pairs");
        if (candidates == null && pairs == null) {
            return new Declared(set, null);
        }
        candidates = root.require("candidates");
        pairs = root.require("pairs");
        return new Declared(
                set, candidates == null || pairs == null ? null : read(candidates, pairs, set.names(), files));
    }

    /** The lists' names, in order. */
    public List<String> listNames() {
        return lists.stream().map(CandidateList::name).toList();
    }

    /** The file of a list's vocabulary: ids, categories, titles. */
    public String vocabularyFile(int list) {
        return lists.get(list).vocabularyFile();
    }

    /** The id of an item of a list, which counts from 0. */
    public String id(int list, int item) {
        return lists.get(list).items().ids().word(item);
    }

    /** The names of the features of a pair, in order. */
    public List<String> names() {
        return features.stream().map(PairFeature::name).toList();
    }

    /**
     * The names of a row's columns.
     *
     * @param names of features of the customer and of the pair
     * @param customers the features of the customer that may be named
     */
    public List<String> columns(List<String> names, FeatureSet customers) {
        List<String> columns = new ArrayList<>();
        for (String name : names) {
            columns.addAll(
                    names().contains(name)
                            ? List.of(name)
                            : customers.select(List.of(name)).columns());
        }
        return columns;
    }

    /** The most pairs that a customer can have. */
    public int mostPairs() {
        return lists.stream().mapToInt(CandidateList::limit).sum();
    }

    List<CandidateList> lists() {
        return lists;
    }

    List<PairFeature> features() {
        return features;
    }
}
