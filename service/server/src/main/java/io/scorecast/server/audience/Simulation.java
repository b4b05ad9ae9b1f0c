package io.scorecast.server.audience;

import io.scorecast.engine.policy.Policy;
import io.scorecast.engine.policy.WrittenRule;
import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.prediction.Reason;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.scorer.Question;
import io.scorecast.engine.scorer.ScoreBatch;
import io.scorecast.engine.scorer.Scorer;
import io.scorecast.engine.scorer.Selector;
import io.scorecast.server.store.ProfileStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What another policy would assign: all customers of a source scored by two Scorers that differ in their policy alone. */
public final class Simulation {

    private static final int SLICE = 64;

    private final Scorer now;
    private final Scorer then;
    private final Policy policy;
    private final long at;
    private final List<WrittenRule> pointRules;
    private final List<Selector> points = new ArrayList<>();
    private final Queue<Tools> idle = new ConcurrentLinkedQueue<>();

    /**
     * Prepares one.
     *
     * @param now the Scorer as it is
     * @param then the same with another policy
     * @param at the instant of all scores, epoch milliseconds
     */
    public Simulation(Scorer now, Scorer then, long at) {
        this.now = now;
        this.then = then;
        this.at = at;
        Policy other = then.policy();
        if (other == null) {
            throw new IllegalArgumentException("there is no policy to simulate");
        }
        policy = other;
        pointRules = policy.writtenPoints();
        Problems problems = new Problems();
        for (WrittenRule rule : pointRules) {
            points.add(Selector.of(then, rule.when(), null, problems));
        }
        problems.throwIfAny();
    }

    private final class Tools {
        final ScoreBatch before = now.newBatch(SLICE);
        final ScoreBatch after = then.newBatch(SLICE);
        final List<Selector.Reader> readers =
                points.stream().map(Selector::newReader).toList();
    }

    /**
     * Runs it.
     *
     * @param store null where the customers are those of event files
     * @param scratch an empty folder for what does not fit into memory
     * @param progress told of the customers that are through, and before that of their number, as a negative one
     * @throws AudienceException if the customers cannot be read
     */
    public SimulationResult run(Customers customers, @Nullable ProfileStore store, Path scratch, LongConsumer progress)
            throws IOException {
        Path spool = scratch.resolve("spool");
        SimulationResult result = empty();
        Spooling spooling = new Spooling(store, (customer, reason, source) -> result.bad++, () -> false);
        progress.accept(-spooling.spool(customers, spool));
        ProfileStore profiles = customers instanceof Customers.Events ? null : store;
        ChunkReader chunks = new ChunkReader(spool, 0, null, null, profiles, () -> false);
        int threads = Runtime.getRuntime().availableProcessors();
        try (ScoringLine<SimulationResult> line = new ScoringLine<>(chunks, this::count, threads, () -> false)) {
            line.run(part -> {
                result.add(part);
                progress.accept(result.total());
            });
        } finally {
            Files.deleteIfExists(spool);
        }
        return result;
    }

    private SimulationResult empty() {
        Policy live = now.policy();
        return new SimulationResult(
                at,
                live == null ? List.of() : live.segments(),
                policy.segments(),
                live == null ? List.of() : decisions(live),
                decisions(policy),
                pointRules);
    }

    private static List<String> decisions(Policy policy) {
        return policy.decisions().stream().distinct().toList();
    }

    private SimulationResult count(Chunk chunk) {
        Tools borrowed = idle.poll();
        Tools tools = borrowed == null ? new Tools() : borrowed;
        SimulationResult result = empty();
        for (int from = 0; from < chunk.size(); from += SLICE) {
            int to = Math.min(chunk.size(), from + SLICE);
            score(tools.before, chunk, from, to);
            score(tools.after, chunk, from, to);
            for (int i = from; i < to; i++) {
                Prediction after = tools.after.prediction(i - from);
                if (after.personalized()) {
                    result.take(tools.before.prediction(i - from), after);
                    for (int p = 0; p < tools.readers.size(); p++) {
                        Selector.Reader reader = tools.readers.get(p);
                        reader.at(tools.after, i - from);
                        result.points[p] += reader.holds() ? 1 : 0;
                    }
                } else if (after.reason() == Reason.OPTED_OUT) {
                    result.optedOut++;
                } else {
                    result.unknown++;
                }
            }
        }
        idle.add(tools);
        return result;
    }

    private void score(ScoreBatch batch, Chunk chunk, int from, int to) {
        batch.clear();
        for (int i = from; i < to; i++) {
            byte[] log = chunk.logs.get(i).bytes();
            batch.add(new Question(chunk.customers.get(i).value(), at, at, List.of()), log, 0, log.length);
        }
        batch.score();
    }
}
