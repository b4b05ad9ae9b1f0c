package io.scorecast.engine.feature;

import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.YamlNode;
import io.scorecast.engine.profile.Vocabulary;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the definitions that come from events and attributes; those over other features are the set's. */
final class DefinitionReader {

    /** The keys of a kind beside {@code name} and {@code kind}; an asterisk marks one that must be there. */
    private static final Map<String, List<String>> KINDS = new LinkedHashMap<>();

    private static final List<String> WINDOW = List.of("event", "where", "window", "ago", "per");

    private static final List<String> WEEKDAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

    private static final List<String> ONLY_PURCHASES = List.of(
            "frequency",
            "recency",
            "T",
            "monetary_value",
            "affinity",
            "top_category",
            "product_counts",
            "recent_products",
            "recent_ages");

    private static final int LONGEST_SEQUENCE = 1_000;
    private static final int LARGEST_VOCABULARY = 100_000;
    private static final int DEEPEST_LEVEL = 50;

    static {
        windowed("count");
        windowed("sum", "field*");
        windowed("mean", "field*");
        windowed("min", "field*");
        windowed("max", "field*");
        windowed("std", "field*");
        windowed("distinct", "field*");
        windowed("days_since_last", "unless");
        windowed("days_since_first");
        windowed("gap_mean");
        windowed("gap_std");
        windowed("decayed_count", "half_life*");
        windowed("decayed_sum", "field*", "half_life*");
        KINDS.put("ratio", List.of("of*", "to*"));
        windowed("rate");
        windowed("frequency");
        windowed("recency");
        windowed("T");
        windowed("monetary_value", "field");
        windowed("affinity", "vocabulary*", "level", "half_life");
        windowed("top_category", "vocabulary*", "level", "half_life");
        windowed("product_counts", "vocabulary*", "field", "level", "half_life");
        windowed("recent_products", "vocabulary*", "length*", "field");
        windowed("recent_ages", "vocabulary*", "length*", "field");
        KINDS.put("attribute", List.of("path*", "encoding", "values"));
        windowed("time_share", "hours", "weekdays", "timezone");
        windowed("sessions", "gap");
        KINDS.put("bucket", List.of("of*", "edges*"));
        KINDS.put("expression", List.of("expression*"));
        windowed("last_value", "field*");
    }

    private static void windowed(String kind, String... options) {
        List<String> keys = new ArrayList<>(List.of(options));
        keys.addAll(WINDOW);
        KINDS.put(kind, List.copyOf(keys));
    }

    private final YamlNode node;
    private final String kind;
    private final VocabularyFiles files;

    private DefinitionReader(YamlNode node, String kind, VocabularyFiles files) {
        this.node = node;
        this.kind = kind;
        this.files = files;
    }

    /** The kind, if it is one and its keys are right; null, with problems, if not. */
    static @Nullable String kind(YamlNode node) {
        YamlNode named = node.require("kind");
        if (named == null) {
            return null;
        }
        String kind = named.text();
        List<String> options = KINDS.get(kind);
        if (options == null) {
            named.problem(Nearest.message("kind", kind, KINDS.keySet()));
            return null;
        }
        int before = node.problems().size();
        List<String> known = new ArrayList<>(List.of("name", "kind"));
        for (String option : options) {
            String key = option.replace("*", "");
            known.add(key);
            if (option.endsWith("*") && node.get(key) == null) {
                node.problem("the kind '" + kind + "' needs '" + key + "'");
            }
        }
        node.expectKeys(known);
        return node.problems().size() == before ? kind : null;
    }

    /** Reads a definition of a kind that reads no other feature; null, with problems, if it is wrong. */
    static @Nullable Definition read(YamlNode node, String kind, VocabularyFiles files) {
        int before = node.problems().size();
        Definition definition = new DefinitionReader(node, kind, files).definition();
        return node.problems().size() == before ? definition : null;
    }

    private @Nullable Definition definition() {
        return switch (kind) {
            case "attribute" -> attribute();
            case "distinct" -> distinct();
            case "days_since_last" -> daysSinceLast();
            case "frequency", "recency", "T", "monetary_value" -> lifetimes();
            case "affinity", "top_category" -> categoryWeights();
            case "product_counts" -> wordCounts();
            case "recent_products", "recent_ages" -> recentWords();
            case "time_share" -> timeShare();
            case "sessions" -> sessions();
            case "last_value" -> lastValue();
            default -> unitStatistic();
        };
    }

    private @Nullable Definition unitStatistic() {
        Source source = source(true);
        Per per = per();
        Field field = field("field", Field.Use.NUMBER, Field.VALUE);
        long halfLife = Durations.read(node.get("half_life"), 0);
        if (source == null || field == null) {
            return null;
        }
        return new UnitStatistic(
                UnitStatistic.Statistic.valueOf(kind.toUpperCase(Locale.ROOT)), source, per, field, halfLife);
    }

    private @Nullable Definition daysSinceLast() {
        Source source = source(true);
        per();
        YamlNode unless = node.get("unless");
        List<String> stops = unless == null ? List.of() : types(unless);
        return source == null ? null : new DaysSinceLast(source, stops);
    }

    private @Nullable Definition distinct() {
        Source source = source(true);
        noUnits();
        Field field = field("field", Field.Use.ANY, Field.VALUE);
        return source == null || field == null ? null : new Distinct(source, field);
    }

    private @Nullable Definition lifetimes() {
        Source source = source(true);
        noUnits();
        Field field = field("field", Field.Use.NUMBER, Field.VALUE);
        if (source == null || field == null) {
            return null;
        }
        return new Lifetimes(Lifetimes.Statistic.valueOf(kind.toUpperCase(Locale.ROOT)), source, field);
    }

    private @Nullable Definition categoryWeights() {
        Source source = source(true);
        noUnits();
        Vocabulary vocabulary = vocabulary();
        long halfLife = Durations.read(node.get("half_life"), 0);
        if (source == null || vocabulary == null) {
            return null;
        }
        YamlNode given = node.get("level");
        int level = given == null ? depth(vocabulary.word(0)) : given.integer(1, DEEPEST_LEVEL);
        if (!allOf(vocabulary, level)) {
            return null;
        }
        return new CategoryWeights(kind.equals("top_category"), source, vocabulary, level, halfLife);
    }

    /** Whether each word is a path of that many segments; a problem, if not. */
    private boolean allOf(Vocabulary vocabulary, int level) {
        for (String word : vocabulary.words()) {
            if (depth(word) != level) {
                node.problem("the vocabulary's '" + word + "' has " + depth(word)
                        + " segments; all must have as many as 'level' (" + level + ") says, or as the first has");
                return false;
            }
        }
        return true;
    }

    private static int depth(String path) {
        return (int) path.chars().filter(c -> c == '/').count() + 1;
    }

    private @Nullable Definition wordCounts() {
        Source source = source(true);
        noUnits();
        Vocabulary vocabulary = vocabulary();
        Field field = field("field", Field.Use.VOCABULARY, Field.of("product_id"));
        long halfLife = Durations.read(node.get("half_life"), 0);
        if (source == null || vocabulary == null || field == null) {
            return null;
        }
        YamlNode given = node.get("level");
        if (given != null && field.name() != Field.Name.CATEGORY) {
            given.problem("'level' is of category paths: it needs 'field: category'");
            return null;
        }
        int level = given == null ? 0 : given.integer(1, DEEPEST_LEVEL);
        if (level > 0 && !allOf(vocabulary, level)) {
            return null;
        }
        return new WordCounts(source, vocabulary, field, level, halfLife);
    }

    private @Nullable Definition recentWords() {
        Source source = source(true);
        noUnits();
        Vocabulary vocabulary = vocabulary();
        Field field = field("field", Field.Use.VOCABULARY, Field.of("product_id"));
        YamlNode length = node.require("length");
        if (source == null || vocabulary == null || field == null || length == null) {
            return null;
        }
        return new RecentWords(
                kind.equals("recent_ages"), source, vocabulary, field, length.integer(1, LONGEST_SEQUENCE));
    }

    private @Nullable Definition attribute() {
        YamlNode path = node.require("path");
        YamlNode encoding = node.get("encoding");
        YamlNode values = node.get("values");
        if (path == null || path.text().isEmpty()) {
            return null;
        }
        AttributeFeature.Encoding as = AttributeFeature.Encoding.NUMBER;
        if (encoding != null) {
            List<String> known = List.of("number", "one_hot", "ordinal", "text");
            if (!known.contains(encoding.text())) {
                encoding.problem(Nearest.message("encoding", encoding.text(), known));
                return null;
            }
            as = AttributeFeature.Encoding.valueOf(encoding.text().toUpperCase(Locale.ROOT));
        }
        boolean listed = as == AttributeFeature.Encoding.ONE_HOT || as == AttributeFeature.Encoding.ORDINAL;
        if (listed && values == null) {
            node.problem("the encoding '" + as.name().toLowerCase(Locale.ROOT) + "' needs 'values'");
            return null;
        }
        if (!listed && values != null) {
            values.problem("'values' are for the encodings one_hot and ordinal");
            return null;
        }
        return new AttributeFeature(path.text(), as, values == null ? List.of() : values(values));
    }

    private List<Object> values(YamlNode list) {
        Set<Object> values = new LinkedHashSet<>();
        for (YamlNode item : list.items()) {
            if (!item.isScalar() || item.isNull()) {
                item.problem("expected a text, a number, true or false, found " + item.found());
            } else if (!values.add(item.plain())) {
                item.problem("the value " + item.found() + " is given twice");
            }
        }
        if (list.isList() && values.isEmpty()) {
            list.problem("the list of values is empty");
        }
        return List.copyOf(values);
    }

    private @Nullable Definition timeShare() {
        Source source = source(false);
        noUnits();
        YamlNode hours = node.get("hours");
        YamlNode weekdays = node.get("weekdays");
        if (hours == null && weekdays == null) {
            node.problem("the kind 'time_share' needs 'hours', 'weekdays' or both");
            return null;
        }
        ZoneId zone = zone();
        int hourBits = hours == null ? -1 : hours(hours);
        int dayBits = weekdays == null ? -1 : weekdays(weekdays);
        return source == null ? null : new TimeShare(source, hourBits, dayBits, zone);
    }

    /** Both hours are meant: 18 to 23 is until midnight; 22 to 5 goes over it. */
    private static int hours(YamlNode node) {
        List<YamlNode> ends = node.items();
        if (ends.size() != 2) {
            node.problem("expected the first and the last hour, such as [18, 23]");
            return 0;
        }
        int last = ends.get(1).integer(0, 23);
        int bits = 0;
        for (int hour = ends.get(0).integer(0, 23); hour != last; hour = (hour + 1) % 24) {
            bits |= 1 << hour;
        }
        return bits | 1 << last;
    }

    private static int weekdays(YamlNode node) {
        int bits = 0;
        for (YamlNode item : node.items()) {
            int day = WEEKDAYS.indexOf(item.text());
            if (day < 0) {
                item.problem(Nearest.message("weekday", item.text(), WEEKDAYS));
            } else {
                bits |= 1 << day;
            }
        }
        if (node.isList() && node.items().isEmpty()) {
            node.problem("the list of weekdays is empty");
        }
        return bits;
    }

    private ZoneId zone() {
        YamlNode given = node.get("timezone");
        if (given != null) {
            try {
                return ZoneId.of(given.text());
            } catch (DateTimeException e) {
                given.problem("no time zone " + given.found() + "; expected one such as Europe/Berlin");
            }
        }
        return ZoneOffset.UTC;
    }

    private @Nullable Definition sessions() {
        Source source = source(false);
        noUnits();
        long gap = Durations.read(node.get("gap"), 0);
        return source == null ? null : new Sessions(source, gap);
    }

    private @Nullable Definition lastValue() {
        Source source = source(true);
        noUnits();
        Field field = field("field", Field.Use.TEXT, Field.of("product_id"));
        return source == null || field == null ? null : new LastValue(source, field);
    }

    private @Nullable Field field(String key, Field.Use use, Field absent) {
        YamlNode given = node.get(key);
        return given == null ? absent : Field.read(given, use);
    }

    /**
     * The events and their window.
     *
     * @param netted whether returns are subtracted from purchases that nobody filtered them out of
     */
    private @Nullable Source source(boolean netted) {
        YamlNode event = node.get("event");
        List<String> types = null;
        if (event != null) {
            types = types(event);
        } else if (ONLY_PURCHASES.contains(kind)) {
            types = List.of("purchase");
        }
        boolean netting = netted && (types == null || (types.contains("purchase") && !types.contains("return")));
        YamlNode condition = node.get("where");
        Where where = condition == null ? null : Where.read(condition);
        long window = Durations.read(node.get("window"), Source.ALWAYS);
        long ago = Durations.read(node.get("ago"), 0);
        if (condition != null && where == null) {
            return null;
        }
        return new Source(new Filter(types, netting, where), window, ago);
    }

    private static List<String> types(YamlNode node) {
        Set<String> types = new TreeSet<>(node.isList() ? node.texts() : List.of(node.text()));
        if (node.isList() && types.isEmpty()) {
            node.problem("the list of event types is empty");
        }
        return List.copyOf(types);
    }

    private Per per() {
        YamlNode given = node.get("per");
        if (given == null) {
            return Per.EVENT;
        }
        List<String> known = List.of("event", "order", "day");
        if (!known.contains(given.text())) {
            given.problem(Nearest.message("unit", given.text(), known));
            return Per.EVENT;
        }
        return Per.valueOf(given.text().toUpperCase(Locale.ROOT));
    }

    private void noUnits() {
        YamlNode given = node.get("per");
        if (given != null && per() != Per.EVENT) {
            given.problem("the kind '" + kind + "' counts no units: 'per' has no meaning here");
        }
    }

    private @Nullable Vocabulary vocabulary() {
        YamlNode given = node.require("vocabulary");
        if (given == null) {
            return null;
        }
        List<String> words = given.isList() ? given.texts() : fromFile(given);
        Set<String> seen = new HashSet<>();
        for (String word : words) {
            if (!seen.add(word)) {
                given.problem("the vocabulary has '" + word + "' twice");
                return null;
            }
        }
        if (words.isEmpty() || words.size() > LARGEST_VOCABULARY) {
            given.problem("a vocabulary has 1 to " + LARGEST_VOCABULARY + " words, this one has " + words.size());
            return null;
        }
        return Vocabulary.of(words);
    }

    /** A word is what stands before the first tab of a line; a category and a title may follow. */
    private List<String> fromFile(YamlNode name) {
        String file = name.text();
        try {
            String text = file.isEmpty() || file.contains("/") || file.contains("\\") ? null : files.read(file);
            if (text == null) {
                name.problem("there is no vocabulary file " + name.found() + " beside this one");
                return List.of();
            }
            return text.lines()
                    .filter(line -> !line.isBlank())
                    .map(line -> line.substring(0, line.indexOf('\t') < 0 ? line.length() : line.indexOf('\t')))
                    .toList();
        } catch (IOException e) {
            name.problem("the vocabulary file " + name.found() + " cannot be read");
            return List.of();
        }
    }
}
