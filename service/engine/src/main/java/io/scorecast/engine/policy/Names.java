package io.scorecast.engine.policy;

import io.scorecast.engine.expression.Scope;
import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.feature.FeatureType;
import io.scorecast.engine.model.ItemsOutput;
import io.scorecast.engine.model.OutputSpec;
import io.scorecast.engine.model.ScoreOutput;
import io.scorecast.engine.problem.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names that rules may use. Each stands for one thing; they are added in the order in which rules come to know them,
 * so a variable has the same slot in every rule that sees it.
 */
final class Names {

    static final String SEGMENTS = "segments";

    private static final Pattern DOTTED = Pattern.compile("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*");

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** Names of things that no rule can read, with what they are. */
    private final Map<String, String> unreadable = new LinkedHashMap<>();

    private record Entry(Binding binding, String owner) {}

    /** What models publish comes first: it is not the policy's to name. */
    Names(List<OutputSpec> outputs) {
        int next = 0;
        for (OutputSpec output : outputs) {
            switch (output) {
                case ScoreOutput score -> {
                    String owner = "the output '" + score.name() + "' of a model";
                    entries.put(score.name(), new Entry(new Binding.Score(next), owner));
                    if (!score.bands().isEmpty()) {
                        entries.put(
                                score.bandField(),
                                new Entry(new Binding.Band(next, score.bands().names()), owner));
                    }
                    if (!score.percentiles().isEmpty()) {
                        entries.put(score.percentileField(), new Entry(new Binding.Percentile(next), owner));
                    }
                    next++;
                }
                case ItemsOutput items -> unreadable.put(items.name(), "a list of items");
            }
        }
    }

    /** Adds the policy's features; a vector or a sequence is none that a rule can read. */
    void addFeatures(FeatureSet features, Map<String, YamlNode> places) {
        for (int i = 0; i < features.size(); i++) {
            String name = features.names().get(i);
            FeatureType type = features.type(i);
            if (type == FeatureType.NUMBER || type == FeatureType.TEXT) {
                addFeature(name, new Binding.Feature(i, type), places.get(name));
            } else {
                unreadable.put(name, "a feature of several numbers");
            }
        }
    }

    /** Adds one feature. */
    void addFeature(String name, Binding.Feature feature, @Nullable YamlNode place) {
        add(name, feature, "a feature", place);
    }

    /** Adds an attribute; one whose path CEL cannot spell is {@code attributes["the-path"]}. */
    void addAttribute(String path, Binding.AttributeType type, YamlNode place) {
        String name = DOTTED.matcher(path).matches() ? path : "attributes." + path;
        add(name, new Binding.Attribute(path, type), "an attribute", place);
    }

    /** Adds a score by points; returns its variable's slot. */
    int addPoints(String name, YamlNode place) {
        add(name, new Binding.Points(), "a score", place);
        return new ArrayList<>(entries.keySet()).indexOf(name);
    }

    /** Adds {@code segments}. */
    void addSegments() {
        entries.put(SEGMENTS, new Entry(new Binding.Segments(), "the list of segments"));
    }

    private void add(String name, Binding binding, String owner, @Nullable YamlNode place) {
        Entry other = entries.get(name);
        String taken =
                other != null ? other.owner() : name.equals(SEGMENTS) ? "a word of the rules" : unreadable.get(name);
        if (taken == null) {
            entries.put(name, new Entry(binding, owner));
        } else if (place != null) {
            place.problem("'" + name + "' is already " + taken + "; a name stands for one thing");
        }
    }

    /** What a name stands for; null if it is unknown. */
    @Nullable
    Binding binding(String name) {
        Entry entry = entries.get(name);
        return entry == null ? null : entry.binding();
    }

    /** What a name of a thing that no rule can read is; null if it is no such name. */
    @Nullable
    String unreadable(String name) {
        return unreadable.get(name);
    }

    /** The features and attributes: what an answer may repeat. */
    List<String> own() {
        List<String> own = new ArrayList<>();
        entries.forEach((name, entry) -> {
            if (entry.binding() instanceof Binding.Feature || entry.binding() instanceof Binding.Attribute) {
                own.add(name);
            }
        });
        return own;
    }

    /** What each slot of {@link #scope} stands for. */
    List<Binding> bindings() {
        return entries.values().stream().map(Entry::binding).toList();
    }

    /**
     * All names so far, as a compiler takes them.
     *
     * @param segments the names of all segments
     */
    Scope scope(List<String> segments) {
        Scope scope = new Scope();
        entries.forEach((name, entry) -> {
            switch (entry.binding()) {
                case Binding.Feature feature when feature.type() == FeatureType.TEXT -> scope.text(name);
                case Binding.Feature feature -> scope.number(name);
                case Binding.Attribute attribute -> {
                    switch (attribute.type()) {
                        case STRING -> scope.text(name);
                        case NUMBER -> scope.number(name);
                        case BOOLEAN -> scope.truth(name);
                    }
                }
                case Binding.Band band -> scope.text(name, "band", band.names());
                case Binding.Score score -> scope.number(name);
                case Binding.Percentile percentile -> scope.number(name);
                case Binding.Points points -> scope.number(name);
                case Binding.Segments list -> scope.list(name, "segment", segments);
            }
        });
        return scope;
    }
}
