package io.scorecast.engine.policy;

import io.scorecast.engine.expression.Condition;
import io.scorecast.engine.expression.Expressions;
import io.scorecast.engine.expression.Scope;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.YamlNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code segments}. */
final class SegmentReader {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 _.-]*(/[A-Za-z0-9][A-Za-z0-9 _.-]*)*");

    private final Scope scope;
    private final Map<String, YamlNode> seen = new HashMap<>();
    private final List<Draft> drafts = new ArrayList<>();

    /**
     * A segment whose rank is not known yet.
     *
     * @param condition its own; null if it is wrong
     * @param whole with those of all segments above it; null if one of them is wrong
     * @param text its own, as it was written
     */
    private record Draft(
            String name,
            int parent,
            @Nullable Condition condition,
            @Nullable Condition whole,
            String text) {}

    SegmentReader(Names names) {
        scope = names.scope(List.of());
    }

    /** The segments; all of them, also those whose rules are wrong, by {@link #names}. */
    List<Rules.Segment> read(@Nullable YamlNode list) {
        for (YamlNode item : RuleText.items(list, List.of("name", "when"))) {
            String name = RuleText.name(item, "segment", NAME, seen);
            YamlNode when = item.require("when");
            Condition condition = when == null ? null : RuleText.condition(when, scope);
            if (name != null) {
                int parent = parent(name);
                String text = when == null || condition == null ? "" : when.text();
                drafts.add(new Draft(name, parent, condition, whole(parent, condition, when), text));
            }
        }
        int[] ranks = ranks();
        List<Rules.Segment> segments = new ArrayList<>();
        for (int i = 0; i < drafts.size(); i++) {
            Draft draft = drafts.get(i);
            if (draft.condition() != null) {
                segments.add(
                        new Rules.Segment(draft.name(), draft.condition(), draft.parent(), ranks[i], draft.text()));
            }
        }
        return segments;
    }

    /** The names of all segments. */
    List<String> names() {
        return drafts.stream().map(Draft::name).toList();
    }

    private int parent(String name) {
        int slash = name.lastIndexOf('/');
        if (slash < 0) {
            return -1;
        }
        String above = name.substring(0, slash);
        int parent = names().indexOf(above);
        YamlNode place = seen.get(name);
        if (parent < 0 && place != null) {
            place.problem("'" + name + "' must stand below '" + above + "' in the file: "
                    + Nearest.message("segment", above, names()));
        }
        return parent;
    }

    /** A child is tested only where its parent holds: together they must be possible. */
    private @Nullable Condition whole(int parent, @Nullable Condition condition, @Nullable YamlNode when) {
        if (parent < 0 || condition == null || when == null) {
            return condition;
        }
        Draft above = drafts.get(parent);
        if (above.whole() == null) {
            return null;
        }
        Condition whole = Expressions.both(above.whole(), condition);
        if (whole.neverHolds()) {
            when.problem("this rule can never hold where '" + above.name() + "' does: " + when.found());
            return null;
        }
        return whole;
    }

    /** Places in the tree, read from top to bottom with each segment's children below it, in the order of the file. */
    private int[] ranks() {
        int[] ranks = new int[drafts.size()];
        number(-1, 0, ranks);
        return ranks;
    }

    private int number(int parent, int next, int[] ranks) {
        int rank = next;
        for (int i = parent + 1; i < ranks.length; i++) {
            if (drafts.get(i).parent() == parent) {
                ranks[i] = rank;
                rank = number(i, rank + 1, ranks);
            }
        }
        return rank;
    }
}
