package io.scorecast.server.audience;

import io.scorecast.engine.policy.WrittenRule;
import io.scorecast.engine.prediction.Prediction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How many customers two policies put where. Filled by one thread. */
public final class SimulationResult {

    /** In no segment. */
    static final String NONE = "(none)";

    private final long at;
    private final List<String> segments;
    private final List<String> segmentsBefore;
    private final List<String> decisions;
    private final List<WrittenRule> pointRules;
    private final Map<String, Long> segmentsNow = new LinkedHashMap<>();
    private final Map<String, Long> segmentsThen = new LinkedHashMap<>();
    private final Map<String, Long> decisionsNow = new LinkedHashMap<>();
    private final Map<String, Long> decisionsThen = new LinkedHashMap<>();
    private final Map<String, Map<String, Long>> segmentMoves = new TreeMap<>();
    private final Map<String, Map<String, Long>> decisionMoves = new TreeMap<>();

    /** By position of two segments: how many are in both. */
    private final long[][] both;

    private long scored;
    long optedOut;
    long unknown;
    long bad;

    /** By rule that adds points: for how many it holds. */
    final long[] points;

    SimulationResult(
            long at,
            List<String> segmentsBefore,
            List<String> segments,
            List<String> decisionsBefore,
            List<String> decisions,
            List<WrittenRule> pointRules) {
        this.at = at;
        this.segments = segments;
        this.segmentsBefore = segmentsBefore;
        this.decisions = decisions;
        this.pointRules = pointRules;
        segmentsBefore.forEach(name -> segmentsNow.put(name, 0L));
        segments.forEach(name -> segmentsThen.put(name, 0L));
        decisionsBefore.forEach(name -> decisionsNow.put(name, 0L));
        decisions.forEach(name -> decisionsThen.put(name, 0L));
        both = new long[segments.size()][segments.size()];
        points = new long[pointRules.size()];
    }

    void take(Prediction before, Prediction after) {
        scored++;
        before.segments().forEach(name -> segmentsNow.merge(name, 1L, Long::sum));
        after.segments().forEach(name -> segmentsThen.merge(name, 1L, Long::sum));
        String decisionBefore = named(before.decision());
        String decision = named(after.decision());
        decisionsNow.merge(decisionBefore, 1L, Long::sum);
        decisionsThen.merge(decision, 1L, Long::sum);
        move(segmentMoves, named(before.segment()), named(after.segment()), 1);
        move(decisionMoves, decisionBefore, decision, 1);
        int[] in = new int[after.segments().size()];
        for (int i = 0; i < in.length; i++) {
            in[i] = segments.indexOf(after.segments().get(i));
        }
        for (int a : in) {
            for (int b : in) {
                both[a][b]++;
            }
        }
    }

    private static String named(@Nullable String name) {
        return name == null ? NONE : name;
    }

    private static void move(Map<String, Map<String, Long>> moves, String from, String to, long count) {
        if (!from.equals(to)) {
            moves.computeIfAbsent(from, name -> new TreeMap<>()).merge(to, count, Long::sum);
        }
    }

    void add(SimulationResult part) {
        scored += part.scored;
        optedOut += part.optedOut;
        unknown += part.unknown;
        bad += part.bad;
        part.segmentsNow.forEach((name, count) -> segmentsNow.merge(name, count, Long::sum));
        part.segmentsThen.forEach((name, count) -> segmentsThen.merge(name, count, Long::sum));
        part.decisionsNow.forEach((name, count) -> decisionsNow.merge(name, count, Long::sum));
        part.decisionsThen.forEach((name, count) -> decisionsThen.merge(name, count, Long::sum));
        part.segmentMoves.forEach((from, to) -> to.forEach((name, count) -> move(segmentMoves, from, name, count)));
        part.decisionMoves.forEach((from, to) -> to.forEach((name, count) -> move(decisionMoves, from, name, count)));
        for (int a = 0; a < both.length; a++) {
            for (int b = 0; b < both.length; b++) {
                both[a][b] += part.both[a][b];
            }
        }
        for (int p = 0; p < points.length; p++) {
            points[p] += part.points[p];
        }
    }

    long total() {
        return scored + optedOut + unknown;
    }

    /** The instant of all scores, epoch milliseconds. */
    public long at() {
        return at;
    }

    /** Customers who were scored. */
    public long scored() {
        return scored;
    }

    public long optedOut() {
        return optedOut;
    }

    /** Customers without an event at the instant or before. */
    public long unknown() {
        return unknown;
    }

    /** Rows of event files that could not be read. */
    public long bad() {
        return bad;
    }

    /**
     * How many a group has.
     *
     * @param now with the policy that serves; null if that has no such group
     * @param then with the other one; null if that has no such group
     */
    public record Size(
            String name, @Nullable Long now, @Nullable Long then) {}

    public List<Size> segmentSizes() {
        return sizes(segmentsNow, segmentsThen);
    }

    public List<Size> decisionSizes() {
        return sizes(decisionsNow, decisionsThen);
    }

    private static List<Size> sizes(Map<String, Long> now, Map<String, Long> then) {
        List<Size> sizes = new ArrayList<>();
        then.forEach((name, count) -> sizes.add(new Size(name, now.get(name), count)));
        now.forEach((name, count) -> {
            if (!then.containsKey(name)) {
                sizes.add(new Size(name, count, null));
            }
        });
        return sizes;
    }

    /** How many are in two segments of the other policy at once. */
    public record Overlap(String one, String other, long both, long inOne, long inOther) {}

    /** Of segments neither of which is below the other, the largest first; none that are empty. */
    public List<Overlap> overlaps() {
        List<Overlap> overlaps = new ArrayList<>();
        for (int a = 0; a < both.length; a++) {
            for (int b = a + 1; b < both.length; b++) {
                String one = segments.get(a);
                String other = segments.get(b);
                if (both[a][b] > 0 && !other.startsWith(one + "/") && !one.startsWith(other + "/")) {
                    overlaps.add(new Overlap(one, other, both[a][b], both[a][a], both[b][b]));
                }
            }
        }
        overlaps.sort((x, y) -> Long.compare(y.both(), x.both()));
        return overlaps;
    }

    /** How many go from one group to another one. */
    public record Move(String from, String to, long customers) {}

    /** Between deepest segments, the largest first. */
    public List<Move> segmentMoves() {
        return segmentsBefore.isEmpty() ? List.of() : moves(segmentMoves);
    }

    /** Between decisions, the largest first. */
    public List<Move> decisionMoves() {
        return moves(decisionMoves);
    }

    private static List<Move> moves(Map<String, Map<String, Long>> found) {
        List<Move> moves = new ArrayList<>();
        found.forEach((from, to) -> to.forEach((name, count) -> moves.add(new Move(from, name, count))));
        moves.sort((x, y) -> Long.compare(y.customers(), x.customers()));
        return moves;
    }

    /**
     * A rule that could be left out, as far as these customers go.
     *
     * @param rule what it is
     * @param why what comes of it
     */
    public record Idle(String rule, String why) {}

    /** The other policy's rules without effect. */
    public List<Idle> idle() {
        List<Idle> idle = new ArrayList<>();
        for (int p = 0; p < points.length; p++) {
            WrittenRule rule = pointRules.get(p);
            if (points[p] == 0) {
                idle.add(new Idle("score " + rule.name() + ", " + rule.when(), "holds for nobody"));
            } else if (points[p] == scored) {
                idle.add(new Idle("score " + rule.name() + ", " + rule.when(), "holds for everybody"));
            }
        }
        for (int a = 0; a < both.length; a++) {
            segment(a, idle);
        }
        for (String decision : decisions) {
            if (decisionsThen.getOrDefault(decision, 0L) == 0) {
                idle.add(new Idle("decision " + decision, "nobody gets it"));
            }
        }
        return idle;
    }

    private void segment(int a, List<Idle> idle) {
        String name = segments.get(a);
        long size = both[a][a];
        if (size == 0) {
            idle.add(new Idle("segment " + name, "nobody is in it"));
            return;
        }
        for (int b = 0; b < both.length; b++) {
            boolean same = b != a && both[a][b] == size && both[b][b] == size;
            if (same && (b < a || name.startsWith(segments.get(b) + "/"))) {
                idle.add(new Idle("segment " + name, "has the same customers as " + segments.get(b)));
                return;
            }
        }
        if (size == scored) {
            idle.add(new Idle("segment " + name, "everybody is in it"));
        }
    }
}
