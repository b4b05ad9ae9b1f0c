package io.scorecast.server.audience;

import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.scorer.Scorer;
import io.scorecast.engine.scorer.Selector;
import io.scorecast.server.catalogue.Catalogue;
import io.scorecast.server.store.ProfileStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The passes of a job over its spool: one that ranks, where the best are wanted, and one that writes. */
final class JobPasses {

    private static final String EXCLUDED = "excluded";
    private static final String NOT_AMONG_THE_BEST = "not_among_top";
    private static final String UNCHANGED = "unchanged";

    private final JobFolder folder;
    private final Progress progress;
    private final AudienceTools tools;
    private final Scorer scorer;
    private final Catalogue.State catalogue;
    private final Selector selector;
    private final Layout layout;
    private final BooleanSupplier stop;

    JobPasses(
            JobFolder folder,
            Progress progress,
            AudienceTools tools,
            Scorer scorer,
            Catalogue.State catalogue,
            Selector selector,
            Layout layout,
            BooleanSupplier stop) {
        this.folder = folder;
        this.progress = progress;
        this.tools = tools;
        this.scorer = scorer;
        this.catalogue = catalogue;
        this.selector = selector;
        this.layout = layout;
        this.stop = stop;
    }

    private ScoringLine line(boolean ranking, long offset, @Nullable Path included) throws IOException {
        AudienceRequest request = progress.request;
        ProfileStore store = request.customers() instanceof Customers.Events ? null : tools.profiles();
        boolean byId = !(request.customers() instanceof Customers.Events);
        if (byId && store == null) {
            throw new AudienceException("customers", "there is no Redis to read profiles from");
        }
        int threads = tools.throttle().threads();
        ChunkScoring scoring = new ChunkScoring(
                scorer,
                catalogue,
                layout,
                selector,
                request.customers() instanceof Customers.Segment segment ? segment.name() : null,
                ranking,
                progress.instant(),
                tools.throttle(),
                request.warmCache() && !ranking && byId ? tools.predictions() : null,
                tools.clock());
        Path excluded = request.exclude() == null ? null : folder.excluded();
        ChunkReader chunks = new ChunkReader(folder.spool(), offset, excluded, included, store, stop);
        return new ScoringLine(chunks, scoring, threads, stop);
    }

    /** Finds the best; who cannot be scored or is not chosen is through with that. */
    void rank() throws IOException {
        AudienceRequest.Top top = progress.request.top();
        if (top == null) {
            return;
        }
        Ranking ranking = new Ranking(top.n());
        Counts counts = progress.counts();
        Progress.Checkpoint start = progress.reached();
        long[] through = {0};
        long[] rejected = {start.rejected()};
        long[] chosen = {0};
        try (GrowingFile rejects = new GrowingFile(folder.rejected(), start.rejectedBytes());
                ScoringLine line = line(true, 0, null)) {
            line.run(scored -> {
                Chunk chunk = scored.chunk();
                for (int i = 0; i < chunk.size(); i++) {
                    through[0] += excluded(chunk.excludedBefore.get(i), counts) + 1;
                    Scored.Outcome outcome = scored.outcomes().get(i);
                    if (outcome == Scored.Outcome.WRITTEN) {
                        ranking.add(chunk.customers.get(i).value(), scored.ranks()[i]);
                        chosen[0]++;
                    } else {
                        counts.outcome(outcome.word());
                        if (outcome.isRejected()) {
                            rejects.write(CsvRows.line(chunk.customers.get(i).value(), outcome.word(), ""));
                            rejected[0]++;
                        }
                    }
                }
                through[0] += excluded(chunk.excludedAfter, counts);
                progress.at(through[0]);
            });
            for (long i = ranking.size(); i < chosen[0]; i++) {
                counts.outcome(NOT_AMONG_THE_BEST);
            }
            try (SpoolBuilder best = new SpoolBuilder(folder.ranked(), SpoolBuilder.standardBudget())) {
                for (Ranking.Entry entry : ranking.best()) {
                    best.add(entry.customer());
                }
                long unused = best.finish(stop);
            }
            rejects.sync();
            progress.ranked(
                    counts, new Progress.Checkpoint(0, "", progress.total(), 0, rejected[0], rejects.length(), 0, 0));
            progress.save();
        }
    }

    private static int excluded(int count, Counts counts) {
        for (int i = 0; i < count; i++) {
            counts.outcome(EXCLUDED);
        }
        return count;
    }

    /** Writes parts from the last whole one on. */
    void write() throws IOException {
        Progress.Checkpoint from = progress.reached();
        Path since = since();
        try (Writing writing = new Writing(from, since);
                ScoringLine line = line(false, from.offset(), progress.isRanked() ? folder.ranked() : null)) {
            line.run(writing::take);
            writing.end();
        }
    }

    private @Nullable Path since() {
        AudienceRequest.Since since = progress.request.since();
        return since == null ? null : new JobFolder(since.folder()).digests();
    }

    private double moved() {
        AudienceRequest.Since since = progress.request.since();
        return since == null ? 0 : since.moved();
    }

    /** The pass that writes, from one checkpoint to the next. */
    private final class Writing implements AutoCloseable {

        private final GrowingFile rejects;
        private final GrowingFile digests;
        private final @Nullable Leavers leavers;
        private final Rows header = Rows.of(layout, scorer);
        private final Bytes digestBytes = new Bytes();
        private final Counts counts = progress.counts();
        private final boolean ranked = progress.isRanked();
        private @Nullable PartFile part;
        private long done;
        private long rows;
        private long rejected;
        private long offset;
        private String last;

        Writing(Progress.Checkpoint from, @Nullable Path since) throws IOException {
            rejects = new GrowingFile(folder.rejected(), from.rejectedBytes());
            digests = new GrowingFile(folder.digests(), from.digestBytes());
            leavers = since == null
                    ? null
                    : new Leavers(
                            since,
                            new GrowingFile(folder.left(), from.leftBytes()),
                            moved(),
                            from.last().isEmpty() ? null : from.last());
            last = from.last();
            done = from.done();
            rows = from.rows();
            rejected = from.rejected();
            offset = from.offset();
        }

        void take(Scored scored) throws IOException {
            Chunk chunk = scored.chunk();
            for (int i = 0; i < chunk.size(); i++) {
                customer(scored, i);
                offset = chunk.ends.get(i);
                last = chunk.customers.get(i).value();
            }
            pass(chunk.excludedAfter);
            offset = chunk.end;
            progress.at(done);
        }

        private void pass(int excluded) {
            if (!ranked) {
                done += excluded(excluded, counts);
            }
        }

        private void customer(Scored scored, int i) throws IOException {
            Chunk chunk = scored.chunk();
            Scored.Outcome outcome = scored.outcomes().get(i);
            String customer = chunk.customers.get(i).value();
            boolean changed = leavers == null
                    || leavers.changed(customer, scored.digests().get(i));
            int start = i == 0 ? 0 : scored.rowEnds()[i - 1];
            int length = scored.rowEnds()[i] - start;
            boolean isRow = outcome.isRow() && (changed || outcome == Scored.Outcome.CLEARED);
            PartFile current = part;
            if (isRow && current != null && current.isFull(length)) {
                finish(current);
                current = null;
            }
            pass(chunk.excludedBefore.get(i));
            if (isRow) {
                if (current == null) {
                    current = new PartFile(folder.path(), progress.partCount() + 1, layout, header.header());
                    part = current;
                }
                current.row(customer, scored.rows(), start, length);
                rows++;
            }
            note(scored, i, outcome, isRow);
            if (!ranked) {
                done++;
            }
        }

        private void note(Scored scored, int i, Scored.Outcome outcome, boolean isRow) throws IOException {
            counts.outcome(outcome.isRow() && !isRow ? UNCHANGED : outcome.word());
            if (outcome.isRejected()) {
                rejects.write(CsvRows.line(scored.chunk().customers.get(i).value(), outcome.word(), ""));
                rejected++;
            }
            Prediction prediction = scored.predictions().get(i);
            if (prediction != null && isRow) {
                counts.written(prediction);
            }
            Digests.Digest digest = scored.digests().get(i);
            if (digest != null) {
                digestBytes.clear();
                digest.put(digestBytes);
                digests.write(digestBytes.copy());
            }
        }

        /** Everything up to here is whole. */
        private void finish(@Nullable PartFile current) throws IOException {
            JobState.Part whole = current == null ? null : current.finish();
            part = null;
            rejects.sync();
            digests.sync();
            long left = leavers == null ? 0 : leavers.sync();
            progress.reached(
                    whole,
                    Counts.read(counts.text()),
                    new Progress.Checkpoint(
                            offset, last, done, rows, rejected, rejects.length(), digests.length(), left));
        }

        void end() throws IOException {
            if (leavers != null) {
                leavers.end();
            }
            PartFile last = part;
            if (last == null && progress.partCount() == 0) {
                // Nobody was chosen: a file with nothing but its header says so.
                last = new PartFile(folder.path(), 1, layout, header.header());
            }
            finish(last);
        }

        @Override
        public void close() throws IOException {
            PartFile.discard(part);
            Leavers compared = leavers;
            try {
                rejects.close();
            } finally {
                digests.close();
                if (compared != null) {
                    compared.close();
                }
            }
        }
    }
}
