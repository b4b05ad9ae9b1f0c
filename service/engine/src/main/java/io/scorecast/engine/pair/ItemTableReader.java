package io.scorecast.engine.pair;

import io.scorecast.engine.feature.VocabularyFiles;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.YamlNode;
import io.scorecast.engine.profile.Vocabulary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the files of a list of candidates: vocabulary, facts, neighbours. */
final class ItemTableReader {

    private static final int LARGEST_VOCABULARY = 100_000;

    private final YamlNode list;
    private final VocabularyFiles files;
    private final List<String> ids = new ArrayList<>();
    private final List<String> categories = new ArrayList<>();

    ItemTableReader(YamlNode list, VocabularyFiles files) {
        this.list = list;
        this.files = files;
    }

    /**
     * Null, with problems, if a file is missing or wrong.
     *
     * @param ofCategories whether an item is a category itself, so that its id is its path
     */
    @Nullable
    ItemTable read(boolean ofCategories) {
        int before = list.problems().size();
        YamlNode vocabulary = list.require("vocabulary");
        if (vocabulary == null) {
            return null;
        }
        vocabulary(vocabulary, ofCategories);
        if (list.problems().size() > before) {
            return null;
        }
        Map<String, float[]> facts = new LinkedHashMap<>();
        YamlNode factFile = list.get("facts");
        if (factFile != null) {
            facts(factFile, facts);
        }
        int[][] neighbours = new int[ids.size()][0];
        float[][] similarities = new float[ids.size()][0];
        YamlNode neighbourFile = list.get("neighbours");
        if (neighbourFile != null) {
            neighbours(neighbourFile, neighbours, similarities);
        }
        return list.problems().size() > before
                ? null
                : new ItemTable(Vocabulary.of(ids), List.copyOf(categories), facts, neighbours, similarities);
    }

    private void vocabulary(YamlNode name, boolean ofCategories) {
        Set<String> seen = new HashSet<>();
        for (String line : lines(name)) {
            String[] fields = line.split("\t", -1);
            ids.add(fields[0]);
            String category = fields.length > 1 ? fields[1] : "";
            categories.add(category.isEmpty() && ofCategories ? fields[0] : category);
            if (!seen.add(fields[0])) {
                name.problem("the vocabulary has '" + fields[0] + "' twice");
                return;
            }
        }
        if (ids.isEmpty() || ids.size() > LARGEST_VOCABULARY) {
            name.problem("a vocabulary has 1 to " + LARGEST_VOCABULARY + " items, this one has " + ids.size());
        }
    }

    /** A heading with the columns' names, then a line of numbers for each item. */
    private void facts(YamlNode name, Map<String, float[]> facts) {
        List<String> lines = lines(name, false);
        if (!isComplete(name, lines.size() - 1)) {
            return;
        }
        String[] columns = lines.getFirst().split("\t", -1);
        List<float[]> numbers = new ArrayList<>();
        for (String column : columns) {
            numbers.add(new float[ids.size()]);
            if (facts.put(column, numbers.getLast()) != null) {
                problem(name, 1, "the column '" + column + "' is there twice", lines.getFirst());
            }
        }
        for (int i = 0; i < ids.size(); i++) {
            String line = lines.get(i + 1);
            String[] cells = line.split("\t", -1);
            if (cells.length != columns.length) {
                String wanted = columns.length + (columns.length == 1 ? " number" : " numbers");
                problem(name, i + 2, "expected " + wanted + ", found " + cells.length, line);
                return;
            }
            for (int c = 0; c < cells.length; c++) {
                float number = number(cells[c]);
                if (!cells[c].isEmpty() && Float.isNaN(number)) {
                    problem(name, i + 2, "'" + cells[c] + "' is no number", line);
                    return;
                }
                numbers.get(c)[i] = number;
            }
        }
    }

    /** A line for each item: {@code place:similarity} of its neighbours, places counted from 1. */
    private void neighbours(YamlNode name, int[][] neighbours, float[][] similarities) {
        List<String> lines = lines(name, false);
        if (!isComplete(name, lines.size())) {
            return;
        }
        for (int i = 0; i < ids.size(); i++) {
            String line = lines.get(i);
            String[] pairs = line.isBlank() ? new String[0] : line.strip().split(" ", -1);
            neighbours[i] = new int[pairs.length];
            similarities[i] = new float[pairs.length];
            for (int n = 0; n < pairs.length; n++) {
                int colon = pairs[n].indexOf(':');
                float place = number(pairs[n].substring(0, Math.max(0, colon)));
                float similarity = number(pairs[n].substring(colon + 1));
                if (!(place >= 1 && place <= ids.size()) || place != Math.rint(place) || Float.isNaN(similarity)) {
                    String expected = "'" + pairs[n] + "' is no 'place:similarity' with a place from 1 to ";
                    problem(name, i + 1, expected + ids.size(), line);
                    return;
                }
                neighbours[i][n] = (int) place - 1;
                similarities[i][n] = similarity;
            }
        }
    }

    private boolean isComplete(YamlNode name, int items) {
        if (items != ids.size() && items >= 0) {
            name.problem(
                    "'" + name.text() + "' has lines for " + items + " items, but the vocabulary has " + ids.size());
        }
        return items == ids.size();
    }

    private static float number(String text) {
        try {
            float number = Float.parseFloat(text);
            return Float.isFinite(number) ? number : Float.NaN;
        } catch (NumberFormatException e) {
            return Float.NaN;
        }
    }

    private List<String> lines(YamlNode name) {
        return lines(name, true);
    }

    /** None, with a problem, if there is no such file. */
    private List<String> lines(YamlNode name, boolean withoutBlank) {
        String file = name.text();
        try {
            String text = file.isEmpty() || file.contains("/") || file.contains("\\") ? null : files.read(file);
            if (text == null) {
                name.problem("there is no file " + name.found() + " beside this one");
                return List.of();
            }
            return text.lines().filter(line -> !withoutBlank || !line.isBlank()).toList();
        } catch (IOException e) {
            name.problem("the file " + name.found() + " cannot be read");
            return List.of();
        }
    }

    private static void problem(YamlNode name, int line, String message, String text) {
        String folder = name.source();
        int slash = folder.lastIndexOf('/');
        name.problems().add(new Problem(folder.substring(0, slash + 1) + name.text(), line, 1, message, text));
    }
}
