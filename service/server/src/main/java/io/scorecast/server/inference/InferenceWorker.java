package io.scorecast.server.inference;

import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Computes the rows of requests to one model together, a slice at a time. Owned by one thread. */
final class InferenceWorker {

    private static final Logger LOG = LoggerFactory.getLogger(InferenceWorker.class);

    private final int slice;
    private @Nullable Model batchOwner;
    private @Nullable ModelBatch batch;

    InferenceWorker(int slice) {
        this.slice = slice;
    }

    /** Ends all of these jobs, which ask the same version. */
    void run(List<InferenceJob> jobs) {
        try {
            compute(jobs);
            jobs.forEach(InferenceJob::outputs);
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            batch = null;
            if (jobs.size() == 1) {
                LOG.warn("{} failed", jobs.getFirst().version(), e);
                jobs.getFirst()
                        .end(InferenceException.failed("the model cannot compute these rows: " + e.getMessage()));
            } else {
                // One request's rows must not fail the others'.
                jobs.forEach(job -> run(List.of(job)));
            }
            return;
        }
        jobs.forEach(InferenceJob::end);
    }

    private void compute(List<InferenceJob> jobs) {
        Model model = jobs.getFirst().version().model();
        int total = 0;
        for (InferenceJob job : jobs) {
            total += job.rows();
        }
        ModelBatch rows = batch(model, Math.min(total, slice));
        for (int from = 0; from < total && !areOver(jobs); from += slice) {
            int count = Math.min(slice, total - from);
            rows.begin(count);
            exchange(jobs, rows, from, count, true);
            model.predict(rows);
            exchange(jobs, rows, from, count, false);
        }
    }

    /** Copies the rows {@code from} to {@code from + count} of all jobs in a line, in or out. */
    private static void exchange(List<InferenceJob> jobs, ModelBatch batch, int from, int count, boolean in) {
        int start = 0;
        for (InferenceJob job : jobs) {
            int first = Math.max(from, start);
            int end = Math.min(from + count, start + job.rows());
            if (first < end && in) {
                job.inputs().write(batch, first - start, first - from, end - first);
            } else if (first < end) {
                job.outputs().read(batch, first - from, first - start, end - first);
            }
            start += job.rows();
        }
    }

    private static boolean areOver(List<InferenceJob> jobs) {
        for (InferenceJob job : jobs) {
            if (!job.isOver()) {
                return false;
            }
        }
        return true;
    }

    private ModelBatch batch(Model model, int rows) {
        ModelBatch current = batch;
        if (current == null || !model.equals(batchOwner)) {
            current = new ModelBatch(model.signature(), rows);
            batch = current;
            batchOwner = model;
        }
        return current;
    }
}
