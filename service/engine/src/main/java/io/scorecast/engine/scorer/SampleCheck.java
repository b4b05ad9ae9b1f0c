package io.scorecast.engine.scorer;

import io.scorecast.engine.model.BoundOutput;
import io.scorecast.engine.model.FolderFiles;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.Pace;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Scores a version's sample of customers: each must get a score, scores must lie where the manifest and the reference say,
 * and then the same customers warm the version up and tell what one of them takes.
 */
final class SampleCheck {

    /** As many as tell; a longer file costs no more. */
    static final int MAX_CUSTOMERS = 1000;

    /** Above this the scores of the very same customers are not those that were recorded. */
    private static final double SAMPLE_LIMIT = 0.05;

    /** Made-up customers are not those of training, but above this the two hardly meet. */
    private static final double TRAINING_NOTICE = 0.9;

    /** A range that cuts more than these shares of the scores is worth a look, or another output's. */
    private static final double CLAMPED_NOTICE = 0.05;

    private static final double CLAMPED_LIMIT = 0.5;

    private static final int MAX_PROBLEMS = 5;
    private static final int WARM_UP_PASSES = 3;
    private static final int WARM_UP_BATCH = 16;
    private static final long WARM_UP_NANOS = 2_000_000_000L;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Scorer scorer;
    private final LastFailure failure;
    private final List<Example> customers;
    private final String source;
    private final Pace pace;
    private final Problems problems;
    private final List<String> warnings;

    /**
     * Takes a Scorer of the one version, without a policy.
     *
     * @param failure hears of the Scorer's failures
     * @param customers at least one
     * @param source how problems name their file
     */
    SampleCheck(
            Scorer scorer,
            LastFailure failure,
            List<Example> customers,
            String source,
            Pace pace,
            Problems problems,
            List<String> warnings) {
        this.scorer = scorer;
        this.failure = failure;
        this.customers = customers;
        this.source = source;
        this.pace = pace;
        this.problems = problems;
        this.warnings = warnings;
    }

    /** Keeps why a model could not answer. */
    static final class LastFailure implements ScorerMetrics {

        private String reason = "";

        @Override
        public void modelFailed(String model, int rows, RuntimeException cause) {
            reason = ": " + cause.getMessage();
        }
    }

    private static void add(ScoreBatch batch, Example example) {
        batch.add(
                new Question(example.customer(), example.at(), example.at(), List.of()),
                example.log(),
                0,
                example.log().length);
    }

    /** Scores every customer once and looks at what comes out. */
    String distribution(FolderFiles files, String folder) {
        List<BoundOutput> outputs = scorer.models().getFirst().outputs();
        double[][] scores = new double[outputs.size()][customers.size()];
        int[] outside = new int[outputs.size()];
        int scored = 0;
        int failed = 0;
        ScoreBatch batch = scorer.newProvingBatch(1);
        for (Example example : customers) {
            batch.clear();
            add(batch, example);
            batch.score();
            pace.pause();
            Row row = batch.row(0);
            if (row.reason() != null) {
                continue;
            }
            if (row.degraded[0]) {
                if (++failed <= MAX_PROBLEMS) {
                    problems.add(new Problem(
                            source,
                            example.line(),
                            0,
                            "the model gives no finite score for this customer" + failure.reason,
                            ""));
                }
                continue;
            }
            int score = 0;
            for (int o = 0; o < scores.length; o++) {
                switch (outputs.get(o)) {
                    case BoundOutput.Score column -> {
                        scores[o][scored] = row.scores[score++];
                        outside[o] += clamped(column, batch.batch(0)) ? 1 : 0;
                    }
                    case BoundOutput.Items items -> outside[o] += unknown(items, batch.batch(0)) ? 1 : 0;
                    case BoundOutput.Ranked ranked -> {} // Candidates come from the vocabulary.
                }
            }
            scored++;
        }
        if (failed > MAX_PROBLEMS) {
            problems.add(source, "no finite score for " + failed + " customers of " + customers.size());
        }
        if (scored == 0) {
            return "no customer of " + customers.size() + " has a score";
        }
        StringBuilder detail = new StringBuilder(scored + " customers");
        Reference reference = reference(files, folder);
        for (int o = 0; o < scores.length; o++) {
            range(outputs.get(o), outside[o], scored, folder);
            if (outputs.get(o) instanceof BoundOutput.Score column) {
                double[] sorted = Arrays.copyOf(scores[o], scored);
                Arrays.sort(sorted);
                detail.append(compare(column.spec().name(), sorted, reference, folder));
            }
        }
        return detail.toString();
    }

    private static boolean clamped(BoundOutput.Score output, ModelBatch batch) {
        double score = output.calibrated(batch, 0);
        // A number is not outside for the last bits of its arithmetic.
        double slack = 1e-6 * Math.max(1, Math.abs(score));
        return score < output.spec().low() - slack || score > output.spec().high() + slack;
    }

    private static boolean unknown(BoundOutput.Items output, ModelBatch batch) {
        for (int place = 0; place < output.width(); place++) {
            double index = batch.number(output.tensor(), 0, place);
            if (!(index >= 0 && index <= output.spec().vocabulary().size()) || index != Math.rint(index)) {
                return true;
            }
        }
        return false;
    }

    private void range(BoundOutput output, int outside, int scored, String folder) {
        String name = output.spec().name();
        switch (output) {
            case BoundOutput.Score score -> {
                String cut = "output '" + name + "': " + outside + " of " + scored
                        + " scores of the sample lie outside the range ["
                        + score.spec().low() + ", "
                        + score.spec().high() + "]";
                if (outside > CLAMPED_LIMIT * scored) {
                    problems.add(folder, cut + "; the output is another one, or its range or calibration is wrong");
                } else if (outside > CLAMPED_NOTICE * scored) {
                    warnings.add(cut);
                }
            }
            case BoundOutput.Listed items -> {
                if (outside > 0) {
                    problems.add(
                            folder,
                            "output '" + name + "': the lists of " + outside + " of " + scored
                                    + " customers of the sample name items beyond the vocabulary's "
                                    + items.spec().vocabulary().size());
                }
            }
        }
    }

    private Reference reference(FolderFiles files, String folder) {
        String file = "reference.json";
        if (!files.has(file)) {
            warnings.add("there is no reference.json: nothing says how the scores should be distributed");
        } else {
            try {
                return Reference.read(files.text(file));
            } catch (IOException e) {
                problems.add(folder + "/" + file, String.valueOf(e.getMessage()));
            }
        }
        return new Reference(java.util.Map.of(), java.util.Map.of());
    }

    private String compare(String output, double[] sorted, Reference reference, String folder) {
        double median = sorted[sorted.length / 2];
        String text = String.format(
                Locale.ROOT, "; %s %.6g to %.6g, median %.6g", output, sorted[0], sorted[sorted.length - 1], median);
        double[] recorded = reference.sample().get(output);
        if (recorded != null) {
            double distance = Reference.distance(sorted, recorded);
            double limit = Math.max(SAMPLE_LIMIT, 2.0 / sorted.length);
            if (distance > limit) {
                problems.add(
                        folder,
                        String.format(
                                Locale.ROOT,
                                "output '%s': the scores of the sample are not distributed as reference.json says of it:"
                                        + " Kolmogorov-Smirnov distance %.3f, at most %.3f",
                                output,
                                distance,
                                limit));
            }
            return text + String.format(Locale.ROOT, ", %.3f from the recorded sample", distance);
        }
        double[] training = reference.training().get(output);
        if (training == null) {
            return text;
        }
        double distance = Reference.distance(sorted, training);
        if (distance > TRAINING_NOTICE) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "output '%s': the scores of the sample are far from those of training: Kolmogorov-Smirnov distance"
                            + " %.2f; made-up customers may be the reason",
                    output,
                    distance));
        }
        return text + String.format(Locale.ROOT, ", %.2f from training", distance);
    }

    /** Scores customers one by one and in batches, so that code is compiled and memory is there before the first request. */
    String warmUp() {
        ScoreBatch one = scorer.newProvingBatch(1);
        ScoreBatch many = scorer.newProvingBatch(WARM_UP_BATCH);
        long spent = 0;
        int scored = 0;
        for (int pass = 0; pass < WARM_UP_PASSES; pass++) {
            many.clear();
            for (int i = 0; i < customers.size() && spent < WARM_UP_NANOS; i++) {
                spent += score(one, customers.get(i));
                add(many, customers.get(i));
                scored++;
                pace.pause();
                if (many.size() == WARM_UP_BATCH || i == customers.size() - 1) {
                    long start = System.nanoTime();
                    many.score();
                    spent += System.nanoTime() - start;
                    scored += many.size();
                    many.clear();
                    pace.pause();
                }
            }
        }
        return scored + " customers, one by one and in batches of " + WARM_UP_BATCH;
    }

    /** Measures what one customer takes, from log to score. */
    String latency(double limit, String folder) {
        ScoreBatch batch = scorer.newProvingBatch(1);
        long[] nanos = new long[customers.size()];
        long spent = 0;
        int measured = 0;
        while (measured < nanos.length && spent < WARM_UP_NANOS) {
            nanos[measured] = score(batch, customers.get(measured));
            spent += nanos[measured++];
            pace.pause();
        }
        Arrays.sort(nanos, 0, measured);
        double median = nanos[measured / 2] / NANOS_PER_MILLI;
        double high = nanos[(measured * 99) / 100] / NANOS_PER_MILLI;
        if (median > limit) {
            problems.add(
                    folder,
                    String.format(
                            Locale.ROOT,
                            "one customer takes %.3f ms here, the manifest's limits.latency_ms is %s",
                            median,
                            limit));
        }
        return String.format(Locale.ROOT, "one customer takes %.3f ms, 99 of 100 at most %.3f", median, high)
                + (Double.isInfinite(limit) ? "" : ", limit " + limit);
    }

    private static long score(ScoreBatch batch, Example example) {
        long start = System.nanoTime();
        batch.clear();
        add(batch, example);
        batch.score();
        return System.nanoTime() - start;
    }
}
