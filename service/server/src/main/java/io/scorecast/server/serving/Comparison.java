package io.scorecast.server.serving;

import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.prediction.PredictionSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/** How a challenger's answers differ from the champion's about the same customers at the same instants. */
final class Comparison {

    /** Differences kept for quantiles: a uniform sample of all. */
    private static final int SAMPLE = 4_096;

    private static final double[] QUANTILES = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};

    private final Map<String, Pair> scores = new LinkedHashMap<>();
    private long customers;
    private long segmentsChanged;
    private long decisionsChanged;
    private long firstItemsChanged;
    private long failed;

    /** Takes both answers about one customer. Outputs that only one has are left out. */
    synchronized void add(Prediction champion, Prediction challenger) {
        customers++;
        segmentsChanged += champion.segments().equals(challenger.segments()) ? 0 : 1;
        decisionsChanged += Objects.equals(champion.decision(), challenger.decision()) ? 0 : 1;
        firstItemsChanged += firstItems(champion).equals(firstItems(challenger)) ? 0 : 1;
        List<PredictionSchema.Score> names = champion.schema().scores();
        for (int i = 0; i < names.size(); i++) {
            int other = position(challenger.schema(), names.get(i).name());
            if (other >= 0) {
                Prediction.Score left = champion.scores().get(i);
                Prediction.Score right = challenger.scores().get(other);
                scores.computeIfAbsent(names.get(i).name(), name -> new Pair())
                        .add(left.value(), right.value(), left.band() != right.band());
            }
        }
    }

    /** The challenger could not answer. */
    synchronized void fail() {
        failed++;
    }

    private static int position(PredictionSchema schema, String name) {
        for (int i = 0; i < schema.scores().size(); i++) {
            if (schema.scores().get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static List<String> firstItems(Prediction prediction) {
        List<String> first = new ArrayList<>();
        prediction
                .lists()
                .forEach(list -> first.add(
                        list.size() == 0 ? "" : list.items().getFirst().id()));
        return first;
    }

    /** Everything as numbers and maps, for JSON. */
    synchronized Map<String, Object> summary() {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("customers", customers);
        summary.put("failed", failed);
        if (customers > 0) {
            summary.put("segments_changed", (double) segmentsChanged / customers);
            summary.put("decisions_changed", (double) decisionsChanged / customers);
            summary.put("first_items_changed", (double) firstItemsChanged / customers);
            Map<String, Object> outputs = new LinkedHashMap<>();
            scores.forEach((name, pair) -> outputs.put(name, pair.summary()));
            summary.put("scores", outputs);
        }
        return summary;
    }

    /** One score by both. Moments by Welford's updating formulas (Technometrics 4, 1962). */
    private static final class Pair {

        private final SplittableRandom random = new SplittableRandom(1);
        private final double[] sample = new double[SAMPLE];
        private long count;
        private long bandsChanged;
        private double meanLeft;
        private double meanRight;
        private double squaresLeft;
        private double squaresRight;
        private double products;
        private double absolute;

        void add(double left, double right, boolean otherBand) {
            if (count < SAMPLE) {
                sample[(int) count] = right - left;
            } else {
                long place = random.nextLong(count + 1);
                if (place < SAMPLE) {
                    sample[(int) place] = right - left;
                }
            }
            count++;
            bandsChanged += otherBand ? 1 : 0;
            double fromLeft = left - meanLeft;
            double fromRight = right - meanRight;
            meanLeft += fromLeft / count;
            meanRight += fromRight / count;
            squaresLeft += fromLeft * (left - meanLeft);
            squaresRight += fromRight * (right - meanRight);
            products += fromLeft * (right - meanRight);
            absolute += Math.abs(right - left);
        }

        Map<String, Object> summary() {
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("count", count);
            summary.put("champion_mean", meanLeft);
            summary.put("challenger_mean", meanRight);
            summary.put("mean_difference", meanRight - meanLeft);
            summary.put("mean_absolute_difference", absolute / count);
            double correlation = products / Math.sqrt(squaresLeft * squaresRight);
            if (Double.isFinite(correlation)) {
                summary.put("correlation", correlation);
            }
            double[] sorted = Arrays.copyOf(sample, (int) Math.min(count, SAMPLE));
            Arrays.sort(sorted);
            Map<String, Object> quantiles = new LinkedHashMap<>();
            for (double q : QUANTILES) {
                quantiles.put("p" + Math.round(q * 100), sorted[(int) Math.min(sorted.length - 1, q * sorted.length)]);
            }
            summary.put("difference_quantiles", quantiles);
            summary.put("bands_changed", (double) bandsChanged / count);
            return summary;
        }
    }
}
