package io.scorecast.engine.policy;

import io.scorecast.engine.expression.Condition;
import io.scorecast.engine.model.Recommendation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a policy says, checked and compiled. The variables' slots are the same in all conditions. */
record Rules(
        List<Points> points,
        List<Segment> segments,
        List<Decision> decisions,
        List<Recommend> recommend,
        List<Response> responses) {

    Rules {
        points = List.copyOf(points);
        segments = List.copyOf(segments);
        decisions = List.copyOf(decisions);
        recommend = List.copyOf(recommend);
        responses = List.copyOf(responses);
    }

    /**
     * A score by points.
     *
     * @param slot of the variable that it becomes
     */
    record Points(String name, int slot, List<Point> parts) {
        Points {
            parts = List.copyOf(parts);
        }
    }

    /**
     * Adds a number to a score where the condition holds.
     *
     * @param text the condition as it was written
     */
    record Point(Condition when, double add, String text) {}

    /**
     * A segment.
     *
     * @param parent the position of the segment above it, which stands before it; -1 if there is none
     * @param rank its place in the tree, read from top to bottom with each segment's children below it
     * @param text the condition as it was written
     */
    record Segment(String name, Condition when, int parent, int rank, String text) {}

    /**
     * A decision.
     *
     * @param when null if it holds always
     * @param text the condition as it was written; null if there was none
     */
    record Decision(
            String name, @Nullable Condition when, @Nullable String text) {}

    /**
     * A change to the lists of items.
     *
     * @param when null if it holds always
     */
    record Recommend(@Nullable Condition when, Recommendation change) {}

    /** A field of the answer and what stands in it: a feature or an attribute. */
    record Response(String field, Binding of) {}
}
