package io.scorecast.server.audience;

import io.scorecast.engine.prediction.ItemCatalogue;
import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.prediction.Reason;
import io.scorecast.engine.scorer.Question;
import io.scorecast.engine.scorer.ScoreBatch;
import io.scorecast.engine.scorer.Scorer;
import io.scorecast.engine.scorer.Selector;
import io.scorecast.server.audience.Scored.Outcome;
import io.scorecast.server.catalogue.Catalogue;
import io.scorecast.server.store.CachedPrediction;
import io.scorecast.server.store.PredictionStore;
import io.scorecast.server.store.PredictionStore.Kept;
import io.scorecast.server.store.StoreUnavailableException;
import io.scorecast.server.store.StoredLog;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scores chunks by one Scorer as of one instant. Safe for many threads: each call borrows scratch space. */
final class ChunkScoring {

    private static final Logger LOG = LoggerFactory.getLogger(ChunkScoring.class);

    /** Customers scored together. */
    private static final int SLICE = 64;

    private final Scorer scorer;
    private final ItemCatalogue products;
    private final String fingerprint;
    private final Layout layout;
    private final Selector selector;
    private final @Nullable String segment;
    private final boolean ranking;
    private final long at;
    private final Throttle throttle;
    private final @Nullable PredictionStore cache;
    private final Duration longest;
    private final Clock clock;
    private final Queue<Tools> idle = new ConcurrentLinkedQueue<>();

    /**
     * For one pass over a spool.
     *
     * @param segment only its members are chosen; null for all
     * @param ranking whether numbers are wanted instead of rows
     * @param catalogue what the shop says of its products, the same for the whole pass
     * @param cache where predictions are kept; null if they are not
     * @param longest how long they may be served
     */
    ChunkScoring(
            Scorer scorer,
            Catalogue.State catalogue,
            Layout layout,
            Selector selector,
            @Nullable String segment,
            boolean ranking,
            long at,
            Throttle throttle,
            @Nullable PredictionStore cache,
            Duration longest,
            Clock clock) {
        this.scorer = scorer;
        this.products = catalogue.products();
        this.fingerprint = catalogue.fingerprint(scorer);
        this.layout = layout;
        this.selector = selector;
        this.segment = segment;
        this.ranking = ranking;
        this.at = at;
        this.throttle = throttle;
        this.cache = cache;
        this.longest = longest;
        this.clock = clock;
    }

    private final class Tools {
        ScoreBatch batch = scorer.newBatch(SLICE, longest);
        final Selector.Reader chosen = selector.newReader();
        final Rows rows = Rows.of(layout, scorer);
        final Bytes bytes = new Bytes();
    }

    Scored score(Chunk chunk) {
        Tools borrowed = idle.poll();
        Tools tools = borrowed == null ? new Tools() : borrowed;
        int size = chunk.size();
        Scored scored = new Scored(
                chunk,
                new ArrayList<>(size),
                new ArrayList<>(size),
                new ArrayList<>(size),
                new double[size],
                new int[size],
                new byte[0]);
        tools.bytes.clear();
        for (int from = 0; from < size; from += SLICE) {
            int start = from;
            throttle.work(() -> slice(tools, scored, start, Math.min(size, start + SLICE)));
        }
        Scored whole = new Scored(
                chunk,
                scored.outcomes(),
                scored.predictions(),
                scored.digests(),
                scored.ranks(),
                scored.rowEnds(),
                tools.bytes.copy());
        idle.add(tools);
        return whole;
    }

    private void slice(Tools tools, Scored scored, int from, int to) {
        try {
            together(tools, scored, from, to);
        } catch (RuntimeException e) {
            tools.batch = scorer.newBatch(SLICE, longest);
            truncate(tools, scored, from);
            // One bad customer must not take the others' rows: each once more, alone.
            for (int i = from; i < to; i++) {
                try {
                    together(tools, scored, i, i + 1);
                } catch (RuntimeException one) {
                    LOG.warn("A customer could not be scored", one);
                    tools.batch = scorer.newBatch(SLICE, longest);
                    truncate(tools, scored, i);
                    add(scored, Outcome.FAILED, null, null, tools.bytes.length());
                }
            }
        }
    }

    /** Takes back what a failed attempt had written. */
    private static void truncate(Tools tools, Scored scored, int to) {
        while (scored.outcomes().size() > to) {
            scored.outcomes().removeLast();
            scored.predictions().removeLast();
            scored.digests().removeLast();
        }
        tools.bytes.cut(to == 0 ? 0 : scored.rowEnds()[to - 1]);
    }

    private void together(Tools tools, Scored scored, int from, int to) {
        ScoreBatch batch = tools.batch;
        Chunk chunk = scored.chunk();
        long now = clock.millis();
        batch.clear();
        for (int i = from; i < to; i++) {
            byte[] log = chunk.logs.get(i).bytes();
            batch.add(
                    new Question(chunk.customers.get(i).value(), at, Math.max(now, at), List.of()), log, 0, log.length);
        }
        batch.score();
        List<Kept> kept = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Prediction prediction = batch.prediction(i - from, products);
            one(tools, scored, i, i - from, prediction);
            if (cache != null
                    && prediction.personalized()
                    && prediction.degraded().isEmpty()) {
                StoredLog log = chunk.logs.get(i);
                byte[] body = scorer.json().encode(prediction, null, Integer.MAX_VALUE);
                kept.add(new Kept(
                        chunk.customers.get(i),
                        log.identity(),
                        new CachedPrediction(body, prediction.validUntil()),
                        true));
            }
        }
        if (cache != null && !kept.isEmpty()) {
            keep(cache, kept);
        }
    }

    /** The cache is a help: a job does not fail where it cannot be filled. */
    private void keep(PredictionStore into, List<Kept> kept) {
        try {
            List<Boolean> unused = into.keep(kept, fingerprint, clock.millis());
        } catch (StoreUnavailableException e) {
            LOG.debug("Predictions could not be kept", e);
        }
    }

    private void one(Tools tools, Scored scored, int index, int row, Prediction prediction) {
        Bytes bytes = tools.bytes;
        Reason reason = prediction.reason();
        if (reason == Reason.OPTED_OUT && layout.preset().clears() && !ranking) {
            tools.rows.cleared(prediction, bytes);
            add(scored, Outcome.CLEARED, null, null, bytes.length());
        } else if (reason != null) {
            add(scored, reason == Reason.OPTED_OUT ? Outcome.OPTED_OUT : Outcome.UNKNOWN, null, null, bytes.length());
        } else {
            tools.chosen.at(tools.batch, row);
            boolean member = segment == null || prediction.segments().contains(segment);
            scored.ranks()[index] = tools.chosen.number();
            if (!member || !tools.chosen.holds()) {
                add(scored, Outcome.NOT_CHOSEN, null, null, bytes.length());
            } else if (ranking) {
                add(scored, Outcome.WRITTEN, null, null, bytes.length());
            } else {
                tools.rows.row(prediction, bytes);
                add(scored, Outcome.WRITTEN, prediction, Digests.Digest.of(prediction), bytes.length());
            }
        }
    }

    private static void add(
            Scored scored, Outcome outcome, @Nullable Prediction prediction, Digests.@Nullable Digest digest, int end) {
        scored.rowEnds()[scored.outcomes().size()] = end;
        scored.outcomes().add(outcome);
        scored.predictions().add(prediction);
        scored.digests().add(digest);
    }
}
