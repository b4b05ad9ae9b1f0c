package io.scorecast.engine.model;

import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The items that a model's indices mean: a file with a line {@code id TAB category TAB title} each, the last two optional. */
public final class ItemVocabulary {

    private final List<String> ids = new ArrayList<>();
    private final List<String> categories = new ArrayList<>();
    private final List<String> titles = new ArrayList<>();
    private final Map<String, Integer> indexOf = new HashMap<>();

    private ItemVocabulary() {}

    public static ItemVocabulary empty() {
        return new ItemVocabulary();
    }

    static ItemVocabulary read(String source, String text, Problems problems) {
        ItemVocabulary items = new ItemVocabulary();
        int number = 0;
        for (String line : text.split("\r?\n", -1)) {
            number++;
            if (line.isEmpty()) {
                continue;
            }
            String[] fields = line.split("\t", -1);
            if (fields.length > 3 || fields[0].isBlank()) {
                problems.add(new Problem(
                        source, number, 1, "expected 'id', 'id TAB category' or 'id TAB category TAB title'", line));
                continue;
            }
            if (items.indexOf.putIfAbsent(fields[0], items.ids.size() + 1) != null) {
                problems.add(new Problem(source, number, 1, "the id '" + fields[0] + "' is given twice", line));
                continue;
            }
            items.ids.add(fields[0]);
            items.categories.add(fields.length > 1 ? fields[1] : "");
            items.titles.add(fields.length > 2 ? fields[2] : "");
        }
        if (items.ids.isEmpty()) {
            problems.add(source, "no item in it");
        }
        return items;
    }

    public int size() {
        return ids.size();
    }

    /** The id of an index, which counts from 1. */
    public String id(int index) {
        return ids.get(index - 1);
    }

    /** Empty if not given. */
    public String category(int index) {
        return categories.get(index - 1);
    }

    /** Empty if not given. */
    public String title(int index) {
        return titles.get(index - 1);
    }

    /** From 1; 0 if there is no such item. */
    public int indexOf(String id) {
        return indexOf.getOrDefault(id, 0);
    }
}
