package io.scorecast.engine.expression;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds conjunctions that no value can make true: {@code x > 5 && x < 3}, {@code t == "a" && t == "b"}. */
final class Contradiction {

    private final Map<NumberNode, Interval> intervals = new HashMap<>();
    private final Map<TextNode, Set<String>> texts = new HashMap<>();
    private final Set<ConditionNode> asserted = new HashSet<>();
    private boolean found;

    private Contradiction() {}

    static boolean in(ConditionNode.And conjunction) {
        Contradiction search = new Contradiction();
        for (ConditionNode part : parts(conjunction)) {
            search.add(part);
        }
        return search.found;
    }

    /** The conditions that a conjunction joins. */
    static List<ConditionNode> parts(ConditionNode condition) {
        List<ConditionNode> parts = new ArrayList<>();
        Deque<ConditionNode> open = new ArrayDeque<>();
        open.push(condition);
        while (!open.isEmpty()) {
            ConditionNode next = open.pop();
            if (next instanceof ConditionNode.And and) {
                open.push(and.right());
                open.push(and.left());
            } else {
                parts.add(next);
            }
        }
        return parts;
    }

    private void add(ConditionNode part) {
        found |= asserted.contains(new ConditionNode.Not(part));
        asserted.add(part);
        switch (part) {
            case ConditionNode.Compared c
            when c.right() instanceof NumberNode.Constant constant ->
                found |= interval(c.left()).isEmptyWith(c.comparison(), constant.value());
            case ConditionNode.Compared c
            when c.left() instanceof NumberNode.Constant constant ->
                found |= interval(c.right()).isEmptyWith(c.comparison().turned(), constant.value());
            case ConditionNode.SameText c
            when c.same() && c.right() instanceof TextNode.Constant constant ->
                keep(c.left(), List.of(constant.value()));
            case ConditionNode.SameText c
            when c.same() && c.left() instanceof TextNode.Constant constant ->
                keep(c.right(), List.of(constant.value()));
            case ConditionNode.TextIn c -> keep(c.text(), c.among());
            case ConditionNode.Not not -> found |= asserted.contains(not.of());
            default -> {
                // Nothing to be learned of the others.
            }
        }
    }

    private Interval interval(NumberNode of) {
        return intervals.computeIfAbsent(of, n -> new Interval());
    }

    private void keep(TextNode of, List<String> allowed) {
        Set<String> left = texts.computeIfAbsent(of, t -> new HashSet<>(allowed));
        left.retainAll(allowed);
        found |= left.isEmpty();
    }

    /** What is left of the number line. */
    private static final class Interval {

        private double low = Double.NEGATIVE_INFINITY;
        private double high = Double.POSITIVE_INFINITY;
        private boolean lowOpen;
        private boolean highOpen;
        private final Set<Double> holes = new HashSet<>();

        boolean isEmptyWith(Comparison comparison, double bound) {
            switch (comparison) {
                case LESS -> below(bound, true);
                case AT_MOST -> below(bound, false);
                case GREATER -> above(bound, true);
                case AT_LEAST -> above(bound, false);
                case EQUAL -> {
                    below(bound, false);
                    above(bound, false);
                }
                case NOT_EQUAL -> holes.add(bound);
            }
            return low > high || (low == high && (lowOpen || highOpen || holes.contains(low)));
        }

        private void below(double bound, boolean open) {
            if (bound < high || (bound == high && open)) {
                high = bound;
                highOpen = open;
            }
        }

        private void above(double bound, boolean open) {
            if (bound > low || (bound == low && open)) {
                low = bound;
                lowOpen = open;
            }
        }
    }
}
