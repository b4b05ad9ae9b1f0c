package io.scorecast.engine.model;

import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.YamlNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the items of a manifest's {@code outputs}. */
final class OutputReader {

    private static final Pattern HORIZON = Pattern.compile("[1-9]\\d{0,4}[dhm]");
    private static final Pattern BAND = Pattern.compile("[a-z0-9][a-z0-9_-]*");

    private static final List<String> SCORE_KEYS = List.of(
            "name", "kind", "horizon", "tensor", "column", "calibration", "range", "bands", "percentiles", "fallback");
    private static final List<String> ITEMS_KEYS =
            withSettings("name", "kind", "horizon", "tensor", "scores", "vocabulary", "top", "fallback");
    private static final List<String> RANKED_KEYS = withSettings("name", "kind", "horizon", "top", "fallback");

    private final FolderFiles files;
    private final String runtime;
    private final @Nullable YamlNode candidates;
    private final Map<String, String> fields = new HashMap<>();

    /**
     * @param candidates the lists of a model that ranks pairs; null if it does not
     */
    OutputReader(FolderFiles files, String runtime, @Nullable YamlNode candidates) {
        this.files = files;
        this.runtime = runtime;
        this.candidates = candidates;
    }

    private static List<String> withSettings(String... keys) {
        List<String> all = new ArrayList<>(List.of(keys));
        all.addAll(RecommendationReader.KEYS);
        return List.copyOf(all);
    }

    @Nullable
    OutputSpec read(YamlNode item) {
        YamlNode kindNode = item.require("kind");
        if (kindNode == null) {
            if (!item.isMapping()) {
                item.entries();
            }
            return null;
        }
        if (candidates != null && !kindNode.text().equals("items")) {
            kindNode.problem("a model that ranks pairs has outputs of the kind 'items' only");
            return null;
        }
        return switch (kindNode.text()) {
            case "probability" -> score(item, ScoreOutput.Kind.PROBABILITY);
            case "value" -> score(item, ScoreOutput.Kind.VALUE);
            case "items" -> items(item);
            default -> {
                kindNode.problem(
                        Nearest.message("kind of output", kindNode.text(), List.of("probability", "value", "items")));
                yield null;
            }
        };
    }

    private String name(YamlNode item, String... derived) {
        YamlNode node = item.require("name");
        if (node == null) {
            return "";
        }
        String name = node.text();
        if (!AnswerNames.isName(name)) {
            node.problem("an output's name begins with a-z and goes on with a-z, 0-9 and _, found '" + name + "'");
        } else if (AnswerNames.isReserved(name) || (name.equals("items") && derived.length > 0)) {
            node.problem("'" + name + "' is a field of the answer itself and cannot name an output");
        }
        claim(node, name, name);
        for (String suffix : derived) {
            claim(node, name + suffix, name);
        }
        return name;
    }

    private void claim(YamlNode node, String field, String owner) {
        String other = fields.putIfAbsent(field, owner);
        if (other != null) {
            node.problem(
                    "the outputs '" + other + "' and '" + owner + "' both need the answer's field '" + field + "'");
        }
    }

    private static String horizon(YamlNode item) {
        YamlNode node = item.get("horizon");
        if (node == null) {
            return "";
        }
        String horizon = node.text();
        if (!HORIZON.matcher(horizon).matches()) {
            node.problem("a horizon is a number of days or hours, such as 30d or 12h, found " + node.found());
        }
        return horizon;
    }

    private static String text(YamlNode item, String key) {
        YamlNode node = item.get(key);
        return node == null ? "" : node.text();
    }

    private ScoreOutput score(YamlNode item, ScoreOutput.Kind kind) {
        item.expectKeys(SCORE_KEYS);
        String name = name(item, "_band", "_percentile");
        YamlNode tensor = item.get("tensor");
        if (tensor != null && runtime.equals("xgboost")) {
            tensor.problem("an XGBoost model has one output; 'tensor' is for ONNX, use 'column'");
        }
        YamlNode column = item.get("column");
        double[] range = range(item, kind);
        double fallback = fallback(item, range);
        return new ScoreOutput(
                name,
                kind,
                horizon(item),
                text(item, "tensor"),
                column == null ? 0 : column.integer(0, 1_000_000),
                calibration(item),
                range[0],
                range[1],
                bands(item, range),
                percentiles(item),
                fallback);
    }

    private static double[] range(YamlNode item, ScoreOutput.Kind kind) {
        boolean probability = kind == ScoreOutput.Kind.PROBABILITY;
        double[] range = {probability ? 0 : -Double.MAX_VALUE, probability ? 1 : Double.MAX_VALUE};
        YamlNode node = item.get("range");
        if (node == null) {
            return range;
        }
        List<YamlNode> ends = node.items();
        if (ends.size() != 2) {
            if (node.isList()) {
                node.problem("a range is [low, high], found " + ends.size() + " values");
            }
            return range;
        }
        double low = ends.get(0).isNull() ? -Double.MAX_VALUE : ends.get(0).number();
        double high = ends.get(1).isNull() ? Double.MAX_VALUE : ends.get(1).number();
        if (low >= high) {
            node.problem("the range's low end must lie below its high end");
        } else if (probability && (low < 0 || high > 1)) {
            node.problem("the range of a probability lies within [0, 1]");
        }
        return new double[] {low, high};
    }

    private static double fallback(YamlNode item, double[] range) {
        YamlNode node = item.require("fallback");
        if (node == null) {
            return Double.NaN;
        }
        double fallback = node.number();
        if (fallback < range[0] || fallback > range[1]) {
            node.problem("the fallback lies outside the range");
        }
        return Rounding.sixDigits(fallback);
    }

    private static Calibration calibration(YamlNode item) {
        YamlNode node = item.get("calibration");
        if (node == null) {
            return new Calibration.None();
        }
        YamlNode method = node.require("method");
        String word = method == null ? "" : method.text();
        switch (word) {
            case "isotonic" -> {
                node.expectKeys(List.of("method", "x", "y"));
                return isotonic(node);
            }
            case "platt" -> {
                node.expectKeys(List.of("method", "a", "b"));
                YamlNode a = node.require("a");
                YamlNode b = node.require("b");
                return new Calibration.Platt(a == null ? Double.NaN : a.number(), b == null ? Double.NaN : b.number());
            }
            case "none" -> node.expectKeys(List.of("method"));
            case "" -> node.expectKeys(List.of("method", "x", "y", "a", "b"));
            default -> {
                if (method != null) {
                    method.problem(Nearest.message("calibration method", word, List.of("isotonic", "platt", "none")));
                }
            }
        }
        return new Calibration.None();
    }

    private static Calibration isotonic(YamlNode node) {
        YamlNode xs = node.require("x");
        YamlNode ys = node.require("y");
        if (xs == null || ys == null) {
            return new Calibration.None();
        }
        double[] x = xs.numbers();
        double[] y = ys.numbers();
        if (x.length == 0 && xs.isList()) {
            xs.problem("an isotonic calibration needs at least one point");
        }
        if (x.length != y.length) {
            ys.problem("x has " + x.length + " points, y has " + y.length);
            return new Calibration.None();
        }
        if (x.length == 0) {
            return new Calibration.None();
        }
        int fall = firstNotAscending(x, true);
        if (fall > 0) {
            xs.problem("x must rise strictly: " + x[fall] + " follows " + x[fall - 1]);
        }
        fall = firstNotAscending(y, false);
        if (fall > 0) {
            ys.problem("y must not fall: " + y[fall] + " follows " + y[fall - 1]);
        }
        return new Calibration.Isotonic(x, y);
    }

    /** Index of the first number that does not follow its predecessor as it must; 0 if all do. */
    private static int firstNotAscending(double[] numbers, boolean strictly) {
        for (int i = 1; i < numbers.length; i++) {
            if (numbers[i] < numbers[i - 1] || (strictly && numbers[i] == numbers[i - 1])) {
                return i;
            }
        }
        return 0;
    }

    private static Bands bands(YamlNode item, double[] range) {
        YamlNode node = item.get("bands");
        if (node == null) {
            return Bands.none();
        }
        List<YamlNode> items = node.items();
        Set<String> names = new LinkedHashSet<>();
        double[] from = new double[items.size()];
        for (int i = 0; i < from.length; i++) {
            YamlNode band = items.get(i);
            band.expectKeys(List.of("name", "from"));
            YamlNode name = band.require("name");
            if (name != null && !BAND.matcher(name.text()).matches()) {
                name.problem("a band's name is made of a-z, 0-9, _ and -, found " + name.found());
            } else if (name != null && !names.add(name.text())) {
                name.problem("there are two bands '" + name.text() + "'");
            }
            YamlNode begin = band.require("from");
            from[i] = begin == null ? Double.NaN : begin.number();
            if (begin != null && i > 0 && from[i] <= from[i - 1]) {
                begin.problem("bands must ascend: '" + from[i] + "' follows '" + from[i - 1] + "'");
            }
            if (begin != null && from[i] > range[1]) {
                begin.problem("the band begins above the output's range");
            }
        }
        if (from.length == 0) {
            if (node.isList()) {
                node.problem("'bands' is empty; leave it out");
            }
            return Bands.none();
        }
        return names.size() == from.length ? new Bands(List.copyOf(names), from) : Bands.none();
    }

    private static Percentiles percentiles(YamlNode item) {
        YamlNode node = item.get("percentiles");
        if (node == null) {
            return Percentiles.none();
        }
        double[] cuts = node.numbers();
        if (node.isList() && cuts.length != 99 && cuts.length != 100) {
            node.problem("percentiles are 99 or 100 cut points, found " + cuts.length);
        }
        int fall = firstNotAscending(cuts, false);
        if (fall > 0) {
            node.problem("percentiles must not fall: " + cuts[fall] + " follows " + cuts[fall - 1]);
        }
        return new Percentiles(cuts);
    }

    private ItemsOutput items(YamlNode item) {
        item.expectKeys(candidates == null ? ITEMS_KEYS : RANKED_KEYS);
        ItemVocabulary vocabulary = vocabulary(candidates == null ? item : list(item, candidates));
        YamlNode top = item.get("top");
        YamlNode fallback = item.require("fallback");
        List<String> ids = fallback == null ? List.of() : fallback.texts();
        if (fallback != null && fallback.isList() && ids.isEmpty()) {
            fallback.problem("the fallback names no item");
        }
        Recommendation settings = RecommendationReader.read(item);
        for (int i = 0; i < ids.size() && fallback != null && vocabulary.size() > 0; i++) {
            int index = vocabulary.indexOf(ids.get(i));
            if (index == 0) {
                fallback.items().get(i).problem("'" + ids.get(i) + "' is not in the vocabulary");
            } else if (settings.excludes(ids.get(i), vocabulary.category(index))) {
                fallback.items().get(i).problem("'" + ids.get(i) + "' is left out by 'exclude'");
            }
        }
        if (candidates == null) {
            item.require("tensor");
            item.require("scores");
        }
        return new ItemsOutput(
                name(item),
                horizon(item),
                text(item, "tensor"),
                text(item, "scores"),
                vocabulary,
                top == null ? 10 : top.integer(1, 1000),
                ids,
                settings);
    }

    /** The list of candidates that an output ranks, which has its name. */
    private static @Nullable YamlNode list(YamlNode item, YamlNode candidates) {
        YamlNode name = item.get("name");
        List<String> known = new ArrayList<>();
        for (YamlNode list : candidates.items()) {
            YamlNode listed = list.get("list");
            if (listed != null && name != null && listed.text().equals(name.text())) {
                return list;
            }
            known.add(listed == null ? "" : listed.text());
        }
        if (name != null) {
            name.problem(Nearest.message("list of candidates", name.text(), known));
        }
        return null;
    }

    private ItemVocabulary vocabulary(@Nullable YamlNode item) {
        YamlNode node = item == null ? null : item.require("vocabulary");
        if (node == null) {
            return ItemVocabulary.empty();
        }
        String file = node.text();
        try {
            String source = node.source().replace(ManifestReader.FILE, file);
            return ItemVocabulary.read(source, files.text(file), node.problems());
        } catch (IOException e) {
            node.problem(String.valueOf(e.getMessage()));
            return ItemVocabulary.empty();
        }
    }
}
