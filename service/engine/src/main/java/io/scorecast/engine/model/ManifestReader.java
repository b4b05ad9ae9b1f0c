package io.scorecast.engine.model;

import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.YamlNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code model.yaml}; {@code docs/models.md} describes it key by key. */
final class ManifestReader {

    static final String FILE = "model.yaml";
    static final double DEFAULT_TOLERANCE = 1e-6;

    static final Pattern MODEL_NAME = Pattern.compile("[a-z][a-z0-9_-]{0,63}");

    private static final List<String> KEYS = List.of(
            "schema",
            "name",
            "task",
            "description",
            "runtime",
            "engine",
            "file",
            "inputs",
            "features",
            "candidates",
            "pairs",
            "reasons",
            "outputs",
            "training",
            "tolerance",
            "limits");

    private final FolderFiles files;

    ManifestReader(FolderFiles files) {
        this.files = files;
    }

    /** Null, with every reason among the problems, if the text is no manifest at all; else use it only if there are none. */
    @Nullable
    Manifest read(String source, String text, Problems problems) {
        YamlNode root = YamlNode.parse(source, text, problems);
        if (root == null) {
            return null;
        }
        root.expectKeys(KEYS);
        if (!root.isMapping()) {
            return null;
        }
        YamlNode schema = root.require("schema");
        if (schema != null) {
            schema.integer(1, 1);
        }
        String name = text(root, "name", true);
        if (!name.isEmpty() && (!MODEL_NAME.matcher(name).matches() || name.equals("policy"))) {
            at(root, "name")
                    .problem("a model's name is made of a-z, 0-9, _ and -, begins with a letter, and is not 'policy'");
        }
        String runtime = text(root, "runtime", true);
        YamlNode candidates = root.get("candidates");
        YamlNode pairs = root.get("pairs");
        if (candidates != null || pairs != null) {
            root.require("candidates");
            root.require("pairs");
            if (!runtime.equals("xgboost")) {
                at(root, "runtime").problem("pairs are ranked by an XGBoost model");
            }
        }
        return new Manifest(
                name,
                text(root, "task", false),
                text(root, "description", false),
                runtime,
                text(root, "engine", false),
                file(root),
                inputs(root, runtime),
                root.require("features"),
                candidates,
                pairs,
                root.get("reasons"),
                outputs(root, runtime),
                training(root),
                tolerance(root),
                latency(root));
    }

    private static YamlNode at(YamlNode map, String key) {
        YamlNode value = map.get(key);
        return value == null ? map : value;
    }

    private static String text(YamlNode map, String key, boolean required) {
        YamlNode value = required ? map.require(key) : map.get(key);
        if (value == null) {
            return "";
        }
        String text = value.text();
        if (required && text.isBlank() && value.isScalar() && !value.isNull()) {
            value.problem("'" + key + "' is empty");
        }
        return text;
    }

    private String file(YamlNode root) {
        String file = text(root, "file", true);
        if (!file.isEmpty()) {
            String refusal = files.refusal(file);
            if (refusal != null) {
                at(root, "file").problem(refusal);
            }
        }
        return file;
    }

    private static List<InputSpec> inputs(YamlNode root, String runtime) {
        List<InputSpec> inputs = new ArrayList<>();
        YamlNode list = root.require("inputs");
        if (list == null) {
            return inputs;
        }
        Set<String> names = new LinkedHashSet<>();
        for (YamlNode item : list.items()) {
            item.expectKeys(List.of("name", "features"));
            String name = text(item, "name", true);
            if (!names.add(name)) {
                item.problem("there are two inputs '" + name + "'");
            }
            YamlNode features = item.require("features");
            List<String> columns = features == null ? List.of() : features.texts();
            if (features != null && features.isList() && columns.isEmpty()) {
                features.problem("an input needs at least one feature");
            }
            Set<String> seen = new LinkedHashSet<>();
            for (String column : columns) {
                if (!seen.add(column) && features != null) {
                    features.problem("the feature '" + column + "' stands twice in the input '" + name + "'");
                }
            }
            inputs.add(new InputSpec(name, columns));
        }
        if (list.isList() && inputs.isEmpty()) {
            list.problem("a model needs at least one input");
        } else if (runtime.equals("xgboost") && inputs.size() > 1) {
            list.problem("an XGBoost model has exactly one input, found " + inputs.size());
        }
        return inputs;
    }

    private List<OutputSpec> outputs(YamlNode root, String runtime) {
        List<OutputSpec> outputs = new ArrayList<>();
        YamlNode list = root.require("outputs");
        if (list == null) {
            return outputs;
        }
        OutputReader reader = new OutputReader(files, runtime, root.get("candidates"));
        for (YamlNode item : list.items()) {
            OutputSpec output = reader.read(item);
            if (output != null) {
                outputs.add(output);
            }
        }
        if (list.isList() && list.items().isEmpty()) {
            list.problem("a model needs at least one output");
        }
        return outputs;
    }

    private static Map<String, Object> training(YamlNode root) {
        YamlNode training = root.get("training");
        if (training == null) {
            return Map.of();
        }
        Map<String, Object> content = new LinkedHashMap<>();
        training.entries().forEach((key, value) -> content.put(key, value.plain()));
        return content;
    }

    private static double tolerance(YamlNode root) {
        YamlNode node = root.get("tolerance");
        if (node == null) {
            return DEFAULT_TOLERANCE;
        }
        double tolerance = node.number();
        if (tolerance < 0 || tolerance > 0.01) {
            node.problem("the tolerance must lie between 0 and 0.01, found " + node.found());
        }
        return tolerance;
    }

    private static double latency(YamlNode root) {
        YamlNode limits = root.get("limits");
        if (limits == null) {
            return Double.POSITIVE_INFINITY;
        }
        limits.expectKeys(List.of("latency_ms"));
        YamlNode latency = limits.get("latency_ms");
        if (latency == null) {
            return Double.POSITIVE_INFINITY;
        }
        double limit = latency.number();
        if (limit <= 0) {
            latency.problem("a limit must be positive, found " + latency.found());
        }
        return limit;
    }

    /** The manifest of a folder; problems say what is wrong with it. */
    static @Nullable Manifest readFolder(FolderFiles files, String source, Problems problems) {
        try {
            return new ManifestReader(files).read(source + "/" + FILE, files.text(FILE), problems);
        } catch (IOException e) {
            problems.add(source, FILE + ": " + e.getMessage());
            return null;
        }
    }
}
