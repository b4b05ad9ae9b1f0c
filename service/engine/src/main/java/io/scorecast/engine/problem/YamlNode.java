package io.scorecast.engine.problem;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A node of an authored YAML file that knows its place. A reader asks for what it expects; what is there instead becomes a
 * problem with line, column and caret, and reading goes on with a neutral value, so that one try shows everything.
 */
public final class YamlNode {

    private static final int MAX_DEPTH = 50;
    private static final int MAX_NODES = 1_000_000;
    private static final Pattern PLAIN_NUMBER =
            Pattern.compile("[-+]?(\\d{1,15}\\.?\\d{0,30}|\\.\\d{1,30})([eE][-+]?\\d{1,2})?");

    private final String source;
    private final Node node;
    private final Problems problems;
    /** Seen while the document is checked. */
    private int nodes;

    private YamlNode(String source, Node node, Problems problems) {
        this.source = source;
        this.node = node;
        this.problems = problems;
    }

    /** Parses a document; null, with a problem, where the text is no YAML, is empty, or refers to itself. */
    public static @Nullable YamlNode parse(String source, String text, Problems problems) {
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setCodePointLimit(16 << 20);
        try {
            Node root = new Yaml(options).compose(new StringReader(text));
            if (root == null) {
                problems.add(source, "the file is empty");
                return null;
            }
            YamlNode whole = new YamlNode(source, root, problems);
            return whole.shallow(root, 0) ? whole : null;
        } catch (MarkedYAMLException e) {
            problems.add(at(source, e.getProblemMark(), "this is not valid YAML: " + e.getProblem()));
        } catch (YAMLException e) {
            problems.add(source, "this is not valid YAML: " + e.getMessage());
        }
        return null;
    }

    /**
     * Anchors can make a node its own descendant, and few lines a million nodes; nothing that reads such a document would
     * end.
     */
    private boolean shallow(Node at, int depth) {
        if (depth > MAX_DEPTH) {
            problem("the document is nested deeper than " + MAX_DEPTH + " levels, or refers to itself");
            return false;
        }
        if (++nodes > MAX_NODES) {
            problem("the document has more than " + MAX_NODES + " values, those counted again that aliases repeat");
            return false;
        }
        if (at instanceof SequenceNode list) {
            for (Node child : list.getValue()) {
                if (!shallow(child, depth + 1)) {
                    return false;
                }
            }
        } else if (at instanceof MappingNode map) {
            for (NodeTuple entry : map.getValue()) {
                if (!shallow(entry.getValueNode(), depth + 1)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The name of the file, as problems show it. */
    public String source() {
        return source;
    }

    /** 1-based. */
    public int line() {
        return node.getStartMark().getLine() + 1;
    }

    /** 1-based. */
    public int column() {
        return node.getStartMark().getColumn() + 1;
    }

    public Problems problems() {
        return problems;
    }

    /** Reports a problem at this node's place. */
    public void problem(String message) {
        problems.add(at(source, node.getStartMark(), message));
    }

    /**
     * Reports a problem inside this scalar's text.
     *
     * @param offset code points from the beginning of the text, however it is quoted or folded
     */
    public void problem(String message, int offset) {
        problems.add(at(source, within(offset), message));
    }

    /** Walks the file beside the text, which YAML may have unquoted, unfolded or unescaped; where they part, stops. */
    private Mark within(int offset) {
        Mark start = node.getStartMark();
        if (!(node instanceof ScalarNode scalar) || start == null) {
            return start;
        }
        int[] file = start.getBuffer();
        int[] text = scalar.getValue().codePoints().toArray();
        int at = start.getPointer();
        int line = start.getLine();
        int column = start.getColumn();
        DumperOptions.ScalarStyle style = scalar.getScalarStyle();
        boolean block = style == DumperOptions.ScalarStyle.LITERAL || style == DumperOptions.ScalarStyle.FOLDED;
        int ahead = style == DumperOptions.ScalarStyle.PLAIN ? 0 : 1;
        int walked = 0;
        while (at < file.length && (ahead > 0 || walked < Math.min(offset, text.length) || isSpace(file[at]))) {
            if (ahead > 0) {
                ahead = block && file[at] != '\n' ? 1 : 0;
            } else if (walked < text.length && file[at] == text[walked]) {
                walked++;
            } else if (walked < text.length && isSpace(text[walked]) && !isSpace(file[at])) {
                walked++;
                continue;
            } else if (!isSpace(file[at])) {
                break;
            }
            column++;
            if (file[at] == '\n') {
                line++;
                column = 0;
            }
            at++;
        }
        return new Mark(start.getName(), at, line, column, file, at);
    }

    private static boolean isSpace(int c) {
        return c == ' ' || c == '\n' || c == '\t' || c == '\r';
    }

    private static Problem at(String source, @Nullable Mark mark, String message) {
        if (mark == null) {
            return Problem.of(source, message);
        }
        String snippet = mark.get_snippet(2, 120);
        return new Problem(source, mark.getLine() + 1, mark.getColumn() + 1, message, snippet == null ? "" : snippet);
    }

    public boolean isMapping() {
        return node instanceof MappingNode;
    }

    public boolean isList() {
        return node instanceof SequenceNode;
    }

    public boolean isScalar() {
        return node instanceof ScalarNode;
    }

    public boolean isNull() {
        return node.getTag().equals(Tag.NULL);
    }

    /** The value of a key; null if the key is absent or this is no mapping. */
    public @Nullable YamlNode get(String key) {
        if (node instanceof MappingNode map) {
            for (NodeTuple entry : map.getValue()) {
                if (entry.getKeyNode() instanceof ScalarNode name
                        && name.getValue().equals(key)) {
                    return child(entry.getValueNode());
                }
            }
        }
        return null;
    }

    /** The value of a key; where it is absent a problem says so. */
    public @Nullable YamlNode require(String key) {
        YamlNode value = get(key);
        if (value == null && isMapping()) {
            problem("'" + key + "' is missing");
        }
        return value;
    }

    /** The mapping's entries in order, empty (with a problem) if this is no mapping. */
    public Map<String, YamlNode> entries() {
        Map<String, YamlNode> entries = new LinkedHashMap<>();
        if (node instanceof MappingNode map) {
            for (NodeTuple entry : map.getValue()) {
                if (!(entry.getKeyNode() instanceof ScalarNode name)) {
                    child(entry.getKeyNode()).problem("a key must be a word");
                } else if (entries.putIfAbsent(name.getValue(), child(entry.getValueNode())) != null) {
                    child(name).problem("'" + name.getValue() + "' is given twice");
                }
            }
        } else {
            problem("expected a mapping (key: value), found " + found());
        }
        return entries;
    }

    /** Reports every key that is not among the known ones (with the nearest), and keys given twice. */
    public void expectKeys(List<String> known) {
        entries();
        if (node instanceof MappingNode map) {
            for (NodeTuple entry : map.getValue()) {
                if (entry.getKeyNode() instanceof ScalarNode name && !known.contains(name.getValue())) {
                    child(name).problem(Nearest.message("key", name.getValue(), known));
                }
            }
        }
    }

    /** The list's items, empty (with a problem) if this is no list. */
    public List<YamlNode> items() {
        List<YamlNode> items = new ArrayList<>();
        if (node instanceof SequenceNode list) {
            for (Node item : list.getValue()) {
                items.add(child(item));
            }
        } else {
            problem("expected a list, found " + found());
        }
        return items;
    }

    /** The scalar's text, whatever its YAML type; empty (with a problem) if this is no scalar or null. */
    public String text() {
        if (node instanceof ScalarNode scalar && !isNull()) {
            return scalar.getValue();
        }
        problem("expected a text, found " + found());
        return "";
    }

    /** A finite number; NaN (with a problem) for anything else. */
    public double number() {
        if (node instanceof ScalarNode scalar
                && (node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT))) {
            String text = scalar.getValue().replace("_", "");
            try {
                double value = Double.parseDouble(text);
                if (Double.isFinite(value) && !text.endsWith("d") && !text.endsWith("f")) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // Hexadecimal, sexagesimal and the like: nothing a person means here.
            }
        } else if (node instanceof ScalarNode scalar
                && PLAIN_NUMBER.matcher(scalar.getValue()).matches()) {
            // YAML 1.1 takes 1e-6 (no dot) for a text; its author does not.
            return Double.parseDouble(scalar.getValue());
        }
        problem("expected a number, found " + found());
        return Double.NaN;
    }

    /** A whole number within the bounds; {@code low} (with a problem) for anything else. */
    public int integer(int low, int high) {
        if (node instanceof ScalarNode scalar && node.getTag().equals(Tag.INT)) {
            try {
                int value = Integer.parseInt(scalar.getValue());
                if (value >= low && value <= high) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // Reported below with what was found.
            }
        }
        problem("expected a whole number from " + low + " to " + high + ", found " + found());
        return low;
    }

    /** true or false; false (with a problem) for anything else. */
    public boolean truth() {
        if (node instanceof ScalarNode scalar && node.getTag().equals(Tag.BOOL)) {
            // YAML 1.1 has yes, no, on and off too, which are as often meant as words: only the plain two are read.
            String word = scalar.getValue().toLowerCase(Locale.ROOT);
            if (word.equals("true") || word.equals("false")) {
                return word.equals("true");
            }
        }
        problem("expected true or false, found " + found());
        return false;
    }

    /** A list of finite numbers; what is none becomes NaN and a problem. */
    public double[] numbers() {
        List<YamlNode> items = items();
        double[] numbers = new double[items.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = items.get(i).number();
        }
        return numbers;
    }

    /** A list of texts. */
    public List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (YamlNode item : items()) {
            texts.add(item.text());
        }
        return texts;
    }

    /**
     * The node as plain Java values: maps, lists, Double, Boolean and String; an empty string for null. For content that
     * nothing interprets.
     */
    public Object plain() {
        if (node instanceof MappingNode) {
            Map<String, Object> map = new LinkedHashMap<>();
            entries().forEach((key, value) -> map.put(key, value.plain()));
            return map;
        }
        if (node instanceof SequenceNode) {
            List<Object> list = new ArrayList<>();
            for (YamlNode item : items()) {
                list.add(item.plain());
            }
            return list;
        }
        if (isNull()) {
            return "";
        }
        if (node.getTag().equals(Tag.BOOL)) {
            return truth();
        }
        boolean number = node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT);
        String text = text();
        return number && PLAIN_NUMBER.matcher(text).matches() ? (Object) Double.valueOf(text) : text;
    }

    /** What stands here, in words for a message. */
    public String found() {
        if (node instanceof ScalarNode scalar) {
            return isNull() ? "nothing" : "'" + scalar.getValue() + "'";
        }
        return isList() ? "a list" : "a mapping";
    }

    private YamlNode child(Node child) {
        return new YamlNode(source, child, problems);
    }
}
