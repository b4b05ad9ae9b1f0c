package io.scorecast.engine.feature;

import io.scorecast.engine.expression.Expressions;
import io.scorecast.engine.expression.NumberExpression;
import io.scorecast.engine.expression.Scope;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.YamlNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a list of definitions, in which one may read others wherever they stand; puts them in an order to compute. */
final class FeatureSetReader {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    private final VocabularyFiles files;
    private final Problems problems;
    private final Map<String, Named> named = new LinkedHashMap<>();

    /** Position of each feature in {@link #order}, once it is resolved. */
    private final Map<String, Integer> resolved = new HashMap<>();

    private final List<Feature> order = new ArrayList<>();

    private record Named(YamlNode node, @Nullable String kind) {}

    private FeatureSetReader(VocabularyFiles files, Problems problems) {
        this.files = files;
        this.problems = problems;
    }

    static FeatureSet read(YamlNode list, VocabularyFiles files) {
        return new FeatureSetReader(files, list.problems()).read(list);
    }

    private FeatureSet read(YamlNode list) {
        for (YamlNode item : list.items()) {
            if (!item.isMapping()) {
                item.problem("expected a feature such as {name: orders_30d, kind: count}, found " + item.found());
                continue;
            }
            String name = name(item);
            String kind = DefinitionReader.kind(item);
            if (name != null) {
                named.put(name, new Named(item, kind));
            }
        }
        Map<String, Boolean> underWay = new HashMap<>();
        named.keySet().forEach(name -> resolve(name, underWay));
        int[] chosen = new int[named.size()];
        int next = 0;
        for (String name : named.keySet()) {
            Integer position = resolved.get(name);
            if (position == null) {
                return FeatureSet.EMPTY;
            }
            chosen[next++] = position;
        }
        checkColumns(list, chosen);
        return new FeatureSet(order, chosen);
    }

    private @Nullable String name(YamlNode item) {
        YamlNode given = item.require("name");
        if (given == null) {
            return null;
        }
        String name = given.text();
        if (!NAME.matcher(name).matches()) {
            given.problem("a feature's name has letters, digits and underscores, found " + given.found());
            return null;
        }
        Named first = named.get(name);
        if (first != null) {
            given.problem("the feature '" + name + "' is already defined in line "
                    + first.node().line());
            return null;
        }
        return name;
    }

    /** Reads a feature after those that it reads; null, with problems somewhere, if it or one of them is wrong. */
    private @Nullable Integer resolve(String name, Map<String, Boolean> underWay) {
        Integer known = resolved.get(name);
        Named feature = named.get(name);
        if (known != null || feature == null || feature.kind() == null) {
            return known;
        }
        Boolean before = underWay.putIfAbsent(name, true);
        if (before != null) {
            if (before) {
                feature.node().problem("the feature '" + name + "' is computed from itself");
            }
            return null;
        }
        Feature read = read(name, feature.node(), feature.kind(), underWay);
        underWay.put(name, false);
        if (read == null) {
            return null;
        }
        order.add(read);
        resolved.put(name, order.size() - 1);
        return order.size() - 1;
    }

    private @Nullable Feature read(String name, YamlNode node, String kind, Map<String, Boolean> underWay) {
        return switch (kind) {
            case "ratio" -> ratio(name, node, underWay);
            case "bucket" -> bucket(name, node, underWay);
            case "expression" -> expression(name, node, underWay);
            default -> {
                Definition definition = DefinitionReader.read(node, kind, files);
                yield definition == null ? null : new Feature(name, definition, List.of());
            }
        };
    }

    private @Nullable Feature ratio(String name, YamlNode node, Map<String, Boolean> underWay) {
        Integer of = input(node.require("of"), underWay);
        Integer to = input(node.require("to"), underWay);
        return of == null || to == null ? null : new Feature(name, new Ratio(), List.of(of, to));
    }

    private @Nullable Feature bucket(String name, YamlNode node, Map<String, Boolean> underWay) {
        Integer of = input(node.require("of"), underWay);
        YamlNode given = node.require("edges");
        if (given == null) {
            return null;
        }
        int before = problems.size();
        List<Double> edges = new ArrayList<>();
        for (double edge : given.numbers()) {
            if (!edges.isEmpty() && edge <= edges.getLast()) {
                given.problem("the edges must rise: " + edge + " comes after " + edges.getLast());
            }
            edges.add(edge);
        }
        if (given.isList() && edges.isEmpty()) {
            given.problem("the list of edges is empty");
        }
        if (of == null || problems.size() > before) {
            return null;
        }
        double slope = order.get(of).definition().slope();
        return new Feature(name, new Bucket(List.copyOf(edges), slope), List.of(of));
    }

    /**
     * Compiles twice: first to learn which features the text names, then with only those, so that the same text has the
     * same slots whatever else stands in its file.
     */
    private @Nullable Feature expression(String name, YamlNode node, Map<String, Boolean> underWay) {
        YamlNode text = node.require("expression");
        if (text == null) {
            return null;
        }
        Scope all = new Scope();
        for (String other : named.keySet()) {
            if (!other.equals(name)) {
                all.number(other);
            }
        }
        if (Expressions.number(text, all) == null) {
            return null;
        }
        Scope used = new Scope();
        List<Integer> inputs = new ArrayList<>();
        for (String other : all.used()) {
            Integer input = resolve(other, underWay);
            if (input == null || !isNumber(input, text)) {
                return null;
            }
            used.number(other);
            inputs.add(input);
        }
        NumberExpression expression = Expressions.number(text, used);
        return expression == null ? null : new Feature(name, new ExpressionFeature(expression), List.copyOf(inputs));
    }

    private @Nullable Integer input(@Nullable YamlNode given, Map<String, Boolean> underWay) {
        if (given == null) {
            return null;
        }
        String name = given.text();
        if (!named.containsKey(name)) {
            given.problem(Nearest.message("feature", name, named.keySet()));
            return null;
        }
        Integer input = resolve(name, underWay);
        return input != null && isNumber(input, given) ? input : null;
    }

    private boolean isNumber(int input, YamlNode place) {
        Feature feature = order.get(input);
        if (feature.definition().type() == FeatureType.NUMBER) {
            return true;
        }
        place.problem("the feature '" + feature.name() + "' is no single number");
        return false;
    }

    private void checkColumns(YamlNode list, int[] chosen) {
        Map<String, String> owners = new HashMap<>();
        for (int position : chosen) {
            Feature feature = order.get(position);
            for (String column : FeatureSet.columns(feature)) {
                String other = owners.putIfAbsent(column, feature.name());
                if (other != null) {
                    list.problem("the features '" + other + "' and '" + feature.name() + "' both give a column '"
                            + column + "'");
                }
            }
        }
    }
}
