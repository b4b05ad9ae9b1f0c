package io.scorecast.engine.policy;

import io.scorecast.engine.expression.Scope;
import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.feature.FeatureType;
import io.scorecast.engine.model.OutputSpec;
import io.scorecast.engine.model.VersionFolder;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.YamlNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code policy.yaml}; {@code docs/policy.md} describes it key by key. */
final class PolicyReader {

    static final String FILE = "policy.yaml";

    private static final List<String> KEYS =
            List.of("schema", "features", "attributes", "scores", "segments", "decisions", "recommend", "respond");

    private static final List<String> ATTRIBUTE_TYPES = List.of("string", "number", "boolean");

    private final YamlNode root;
    private final VersionFolder folder;
    private final Names names;
    private final FieldNames fields;
    private FeatureSet features = FeatureSet.EMPTY;

    private PolicyReader(YamlNode root, VersionFolder folder, List<OutputSpec> outputs) {
        this.root = root;
        this.folder = folder;
        names = new Names(outputs);
        fields = new FieldNames(outputs);
    }

    static @Nullable Policy read(Path path, List<OutputSpec> outputs, Problems problems) {
        int before = problems.size();
        VersionFolder folder = VersionFolder.open(path, problems);
        String text = folder == null ? null : folder.text(FILE, problems);
        if (folder == null || text == null) {
            return null;
        }
        YamlNode root = YamlNode.parse(folder.source() + "/" + FILE, text, problems);
        if (root == null) {
            return null;
        }
        PolicyReader reader = new PolicyReader(root, folder, outputs);
        Rules rules = reader.rules();
        return problems.size() > before ? null : new Policy(folder, outputs, reader.features, rules, reader.names);
    }

    private Rules rules() {
        root.expectKeys(KEYS);
        YamlNode schema = root.require("schema");
        if (schema != null) {
            schema.integer(1, 1);
        }
        readFeatures(root.get("features"));
        readAttributes(root.get("attributes"));
        List<Rules.Points> points = new PointsReader(names, fields).read(root.get("scores"));
        SegmentReader reader = new SegmentReader(names);
        List<Rules.Segment> segments = reader.read(root.get("segments"));
        names.addSegments();
        Scope scope = names.scope(reader.names());
        return new Rules(
                points,
                segments,
                new DecisionReader(scope).read(root.get("decisions")),
                RecommendReader.read(root.get("recommend"), scope),
                responses(root.get("respond")));
    }

    private void readFeatures(@Nullable YamlNode list) {
        if (list == null) {
            return;
        }
        int before = list.problems().size();
        FeatureSet read = FeatureSet.read(list, folder.vocabularies());
        Map<String, YamlNode> places = new HashMap<>();
        for (YamlNode item : list.isList() ? list.items() : List.<YamlNode>of()) {
            YamlNode name = item.get("name");
            if (name != null && name.isScalar()) {
                places.put(name.text(), name);
            }
        }
        if (list.problems().size() == before) {
            features = read;
            names.addFeatures(features, places);
        } else {
            // What is wrong was said; their names are known all the same, so that rules are judged for themselves.
            places.forEach(
                    (name, place) -> names.addFeature(name, new Binding.Feature(0, supposed(list, name)), place));
        }
    }

    private static FeatureType supposed(YamlNode list, String feature) {
        for (YamlNode item : list.items()) {
            YamlNode name = item.get("name");
            if (name != null && name.isScalar() && name.text().equals(feature)) {
                return is(item, "kind", "last_value") || is(item, "encoding", "text")
                        ? FeatureType.TEXT
                        : FeatureType.NUMBER;
            }
        }
        return FeatureType.NUMBER;
    }

    private static boolean is(YamlNode item, String key, String word) {
        YamlNode value = item.get(key);
        return value != null
                && value.isScalar()
                && !value.isNull()
                && value.text().equals(word);
    }

    private void readAttributes(@Nullable YamlNode attributes) {
        if (attributes == null) {
            return;
        }
        attributes.entries().forEach((path, type) -> {
            String word = type.text();
            if (path.isEmpty() || path.startsWith(".") || path.endsWith(".") || path.contains("..")) {
                type.problem("an attribute's path has names joined by dots, as loyalty.tier, found '" + path + "'");
            } else if (ATTRIBUTE_TYPES.contains(word)) {
                names.addAttribute(path, Binding.AttributeType.valueOf(word.toUpperCase(Locale.ROOT)), type);
            } else {
                // Unless there was no text at all, which has been said.
                if (!word.isEmpty()) {
                    type.problem(Nearest.message("type", word, ATTRIBUTE_TYPES));
                }
                names.addAttribute(path, Binding.AttributeType.STRING, type);
            }
        });
    }

    private List<Rules.Response> responses(@Nullable YamlNode respond) {
        List<Rules.Response> responses = new ArrayList<>();
        Map<String, YamlNode> entries = respond == null ? new LinkedHashMap<>() : respond.entries();
        entries.forEach((field, of) -> {
            fields.claim(field, "the policy's respond", of);
            String name = of.text();
            Binding binding = names.binding(name) == null ? names.binding("attributes." + name) : names.binding(name);
            String unreadable = names.unreadable(name);
            if (binding instanceof Binding.Feature || binding instanceof Binding.Attribute) {
                responses.add(new Rules.Response(field, binding));
            } else if (binding != null) {
                of.problem("'" + name + "' stands in the answer anyway; respond is for features and attributes");
            } else if (unreadable != null) {
                of.problem("'" + name + "' is " + unreadable + "; respond takes a number, a text or a boolean");
            } else if (!name.isEmpty()) {
                of.problem(Nearest.message("feature or attribute", name, names.own()));
            }
        });
        return responses;
    }
}
