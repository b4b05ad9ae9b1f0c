package io.scorecast.engine.pair;

import io.scorecast.engine.feature.Durations;
import io.scorecast.engine.feature.VocabularyFiles;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.YamlNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the sections {@code candidates} and {@code pairs}. */
final class PairSetReader {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final List<String> LIST_KEYS =
            List.of("list", "vocabulary", "field", "level", "facts", "neighbours", "bought", "sources", "limit");
    private static final int MOST_CANDIDATES = 2_000;
    private static final int DEEPEST = 50;

    /** The keys of a source beside {@code from} and {@code most}; all must be there but {@code half_life}. */
    private static final Map<CandidateSource.From, List<String>> SOURCES = Map.of(
            CandidateSource.From.HISTORY, List.of("half_life"),
            CandidateSource.From.NEIGHBOURS, List.of("half_life"),
            CandidateSource.From.CATEGORIES, List.of("level", "fact", "half_life"),
            CandidateSource.From.POPULARITY, List.of("fact"));

    private final VocabularyFiles files;

    PairSetReader(VocabularyFiles files) {
        this.files = files;
    }

    @Nullable
    PairSet read(YamlNode candidates, YamlNode pairs, List<String> names) {
        int before = candidates.problems().size();
        List<CandidateList> lists = new ArrayList<>();
        for (YamlNode item : candidates.items()) {
            CandidateList list = list(item);
            if (list != null) {
                if (lists.stream().anyMatch(other -> other.name().equals(list.name()))) {
                    item.problem("there are two lists '" + list.name() + "'");
                }
                lists.add(list);
            }
        }
        if (candidates.isList() && candidates.items().isEmpty()) {
            candidates.problem("'candidates' is empty");
        }
        for (String name : PairSet.RESERVED) {
            if (names.contains(name)) {
                pairs.problem("no feature may be called '" + name + "', which names a pair in a table");
            }
        }
        List<PairFeature> features = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        for (YamlNode item : pairs.items()) {
            PairFeature feature = feature(item, lists);
            if (feature != null) {
                if (PairSet.RESERVED.contains(feature.name())) {
                    item.problem("no feature may be called '" + feature.name() + "', which names a pair in a table");
                }
                if (names.contains(feature.name())) {
                    item.problem("the feature '" + feature.name() + "' is one of the customer already");
                }
                Integer line = lines.putIfAbsent(feature.name(), item.line());
                if (line != null) {
                    item.problem("the feature '" + feature.name() + "' is already defined in line " + line);
                }
                features.add(feature);
            }
        }
        if (pairs.isList() && pairs.items().isEmpty()) {
            pairs.problem("'pairs' is empty");
        }
        return candidates.problems().size() > before ? null : new PairSet(lists, features);
    }

    private @Nullable CandidateList list(YamlNode node) {
        int before = node.problems().size();
        node.expectKeys(LIST_KEYS);
        if (!node.isMapping()) {
            return null;
        }
        YamlNode name = node.require("list");
        if (name != null && !NAME.matcher(name.text()).matches()) {
            name.problem("a list is named as the output that ranks it, found " + name.found());
        }
        int level = level(node);
        ItemTable items = new ItemTableReader(node, files).read(level > 0);
        String bought = word(node.get("bought"), CandidateList.Bought.values(), "ANY");
        YamlNode limit = node.require("limit");
        int most = limit == null ? 1 : limit.integer(1, MOST_CANDIDATES);
        List<CandidateSource> sources = new ArrayList<>();
        YamlNode given = node.require("sources");
        if (given != null) {
            for (YamlNode item : given.items()) {
                CandidateSource source = source(item, items, node.get("neighbours") != null);
                if (source != null) {
                    sources.add(source);
                }
            }
            if (given.isList() && given.items().isEmpty()) {
                given.problem("a list needs at least one source of candidates");
            }
        }
        YamlNode vocabulary = node.get("vocabulary");
        if (name == null
                || vocabulary == null
                || items == null
                || node.problems().size() > before) {
            return null;
        }
        CandidateList.Bought wanted = CandidateList.Bought.valueOf(bought);
        return new CandidateList(
                name.text(), vocabulary.text(), items, node.get("neighbours") != null, level, wanted, sources, most);
    }

    /** How many segments of a category path are an item; 0 for products. */
    private static int level(YamlNode node) {
        YamlNode field = node.require("field");
        YamlNode level = node.get("level");
        if (field == null) {
            return 0;
        }
        return switch (field.text()) {
            case "product_id" -> {
                if (level != null) {
                    level.problem("a product has no level; 'level' is for the field category");
                }
                yield 0;
            }
            case "category" -> {
                YamlNode given = node.require("level");
                yield given == null ? 1 : given.integer(1, DEEPEST);
            }
            default -> {
                field.problem(Nearest.message("field", field.text(), List.of("product_id", "category")));
                yield 0;
            }
        };
    }

    private static @Nullable CandidateSource source(YamlNode node, @Nullable ItemTable items, boolean hasNeighbours) {
        int before = node.problems().size();
        YamlNode from = node.require("from");
        String word = word(from, CandidateSource.From.values(), "");
        if (word.isEmpty()) {
            return null;
        }
        CandidateSource.From kind = CandidateSource.From.valueOf(word);
        List<String> keys = SOURCES.getOrDefault(kind, List.of());
        List<String> known = new ArrayList<>(List.of("from", "most"));
        known.addAll(keys);
        node.expectKeys(known);
        YamlNode most = node.require("most");
        int limit = most == null ? 1 : most.integer(1, MOST_CANDIDATES);
        String fact = keys.contains("fact") ? fact(node, items == null ? List.of() : List.of(items)) : "";
        int level = keys.contains("level") ? level(node, "level") : 0;
        if (kind == CandidateSource.From.NEIGHBOURS && !hasNeighbours) {
            node.problem("the list names no file of 'neighbours'");
        }
        long halfLife = Durations.read(node.get("half_life"), 0);
        return node.problems().size() > before ? null : new CandidateSource(kind, limit, halfLife, level, fact);
    }

    private static @Nullable PairFeature feature(YamlNode node, List<CandidateList> lists) {
        int before = node.problems().size();
        YamlNode name = node.require("name");
        String word = word(node.require("kind"), PairFeature.Kind.values(), "");
        if (name == null || word.isEmpty()) {
            return null;
        }
        if (!NAME.matcher(name.text()).matches()) {
            name.problem("a feature's name has letters, digits and underscores, found " + name.found());
        }
        PairFeature.Kind kind = PairFeature.Kind.valueOf(word);
        List<String> keys = keys(kind);
        List<String> known = new ArrayList<>(List.of("name", "kind"));
        known.addAll(keys);
        node.expectKeys(known);
        boolean decays = kind == PairFeature.Kind.DECAYED_COUNT || kind == PairFeature.Kind.DECAYED_SHARE;
        YamlNode halfLife = decays ? node.require("half_life") : node.get("half_life");
        String fact = keys.contains("fact")
                ? fact(node, lists.stream().map(CandidateList::items).toList())
                : "";
        int level = keys.contains("level") ? level(node, "level") : 0;
        if ((kind == PairFeature.Kind.SIMILARITY || kind == PairFeature.Kind.SIMILARITY_SHARE)
                && !lists.isEmpty()
                && lists.stream().noneMatch(CandidateList::hasNeighbours)) {
            node.problem("no list names a file of 'neighbours'");
        }
        long decay = keys.contains("half_life") ? Durations.read(halfLife, 0) : 0;
        return node.problems().size() > before ? null : new PairFeature(name.text(), kind, decay, level, fact);
    }

    private static List<String> keys(PairFeature.Kind kind) {
        return switch (kind) {
            case TIMES_BOUGHT, DAYS_SINCE, DAYS_SINCE_FIRST, GAP_MEAN, GAP_RATIO, ORDERS_SINCE, ORDER_SHARE, LIST ->
                List.of();
            case DECAYED_COUNT, DECAYED_SHARE, SIMILARITY, SIMILARITY_SHARE -> List.of("half_life");
            case AFFINITY -> List.of("level", "half_life");
            case FACT -> List.of("fact");
        };
    }

    private static int level(YamlNode node, String key) {
        YamlNode level = node.require(key);
        return level == null ? 1 : level.integer(1, DEEPEST);
    }

    /** A column that all the lists' facts have. */
    private static String fact(YamlNode node, List<ItemTable> tables) {
        YamlNode fact = node.require("fact");
        if (fact == null) {
            return "";
        }
        for (ItemTable table : tables) {
            if (!table.facts().containsKey(fact.text())) {
                fact.problem(Nearest.message(
                        "column of facts", fact.text(), table.facts().keySet()));
                break;
            }
        }
        return fact.text();
    }

    /** The name of the constant that a word spells in lower case; {@code absent} where there is none. */
    private static String word(@Nullable YamlNode node, Enum<?>[] constants, String absent) {
        if (node == null) {
            return absent;
        }
        List<String> known = new ArrayList<>();
        for (Enum<?> constant : constants) {
            known.add(constant.name().toLowerCase(Locale.ROOT));
        }
        if (known.contains(node.text())) {
            return node.text().toUpperCase(Locale.ROOT);
        }
        node.problem("expected one of " + known + ", found " + node.found());
        return absent;
    }
}
