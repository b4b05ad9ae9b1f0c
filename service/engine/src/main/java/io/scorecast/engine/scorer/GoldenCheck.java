package io.scorecast.engine.scorer;

import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.feature.FeatureType;
import io.scorecast.engine.model.BoundOutput;
import io.scorecast.engine.model.ItemVocabulary;
import io.scorecast.engine.model.ItemsOutput;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.model.Pace;
import io.scorecast.engine.prediction.ItemList;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a version answers with its golden examples, from events to score. A number agrees if {@code |Δ| <=
 * tolerance · max(1, |x|)}; a published score, which is rounded to six significant digits, may differ by that rounding too.
 */
final class GoldenCheck {

    /** After so many a file is wrong as a whole, and more would only hide the first ones. */
    private static final int MAX_PROBLEMS = 20;

    private static final double ROUNDING = 5e-6;

    private final Scorer scorer;
    private final ModelVersion version;
    private final String source;
    private final Problems problems;
    private final int before;

    /** Takes a Scorer of the one version, without a policy. */
    GoldenCheck(Scorer scorer, String source, Problems problems) {
        this.scorer = scorer;
        this.version = scorer.models().getFirst();
        this.source = source;
        this.problems = problems;
        this.before = problems.size();
    }

    /** Runs all examples. */
    void run(List<Example> examples, Pace pace) {
        ScoreBatch batch = scorer.newProvingBatch(1);
        for (Example example : examples) {
            if (problems.size() - before >= MAX_PROBLEMS) {
                problems.add(source, "more differences are not listed");
                return;
            }
            batch.clear();
            batch.add(
                    new Question(example.customer(), example.at(), example.at(), List.of()),
                    example.log(),
                    0,
                    example.log().length);
            batch.score();
            pace.pause();
            Row row = batch.row(0);
            if (row.reason() != null) {
                problem(
                        example,
                        "the customer cannot be scored at that instant: "
                                + row.reason().word());
                continue;
            }
            compareFeatures(example, row);
            if (row.degraded[0]) {
                problem(example, "the model gives no finite score");
            } else {
                compareOutputs(example, batch, row);
            }
        }
    }

    private void compareFeatures(Example example, Row row) {
        FeatureSet features = version.features();
        double[] values = new double[features.width()];
        scorer.plan().reader(features).write(row.features(), values, 0);
        List<String> columns = features.columns();
        for (Map.Entry<String, Object> expected : example.features().entrySet()) {
            String name = expected.getKey();
            int feature = features.indexOf(name);
            if (feature < 0 || features.type(feature) == FeatureType.TEXT) {
                problem(example, Nearest.message("feature", name, features.names()));
                continue;
            }
            int first = columns.indexOf(features.width(feature) == 1 && columns.contains(name) ? name : name + "_0");
            double[] found = Arrays.copyOfRange(values, first, first + features.width(feature));
            double[] wanted = numbers(expected.getValue());
            if (wanted == null || wanted.length != found.length) {
                problem(
                        example,
                        "feature '" + name + "' has " + found.length + " numbers, the example says "
                                + expected.getValue());
            } else {
                for (int i = 0; i < found.length; i++) {
                    if (!agrees(wanted[i], found[i], 0)) {
                        String column = found.length == 1 ? name : name + "_" + i;
                        problem(example, "feature '" + column + "' is " + found[i] + ", expected " + wanted[i]);
                    }
                }
            }
        }
    }

    private void compareOutputs(Example example, ScoreBatch scored, Row row) {
        ModelBatch batch = scored.batch(0);
        List<ItemList> published = scored.prediction(0).lists();
        refuseUnknown(example, example.raw());
        refuseUnknown(example, example.scores());
        int score = 0;
        int list = 0;
        for (BoundOutput output : version.outputs()) {
            String name = output.spec().name();
            switch (output) {
                case BoundOutput.Score column -> {
                    compare(example, "raw '" + name + "'", example.raw().get(name), column.raw(batch, 0), 0);
                    compare(example, "'" + name + "'", example.scores().get(name), row.scores[score++], ROUNDING);
                }
                case BoundOutput.Listed items -> {
                    Places raw = places(items, batch, row.ranked[list]);
                    Places shown = Places.of(published.get(list++), items.spec().vocabulary());
                    compareItems(example, items.spec(), raw, example.raw().get(name));
                    compareItems(example, items.spec(), shown, example.scores().get(name));
                }
            }
        }
        if (score + list == 0) {
            problem(example, "the model publishes nothing");
        }
    }

    private static Places places(BoundOutput.Listed output, ModelBatch batch, @Nullable RankedList ranked) {
        return switch (output) {
            case BoundOutput.Items items -> Places.of(items, batch, 0);
            case BoundOutput.Ranked pairs -> ranked == null ? new RankedList(pairs) : ranked;
        };
    }

    private void refuseUnknown(Example example, Map<String, Object> expected) {
        List<String> known =
                version.outputs().stream().map(output -> output.spec().name()).toList();
        for (String name : expected.keySet()) {
            if (!known.contains(name)) {
                problem(example, Nearest.message("output", name, known));
            }
        }
    }

    private void compare(Example example, String what, @Nullable Object expected, double found, double rounding) {
        if (expected == null) {
            return;
        }
        if (!(expected instanceof Double wanted)) {
            problem(example, what + " must be a number, found " + expected);
        } else if (!agrees(wanted, found, rounding)) {
            problem(example, what + " is " + found + ", expected " + wanted);
        }
    }

    /** Places may be exchanged only between items whose scores agree. */
    private void compareItems(Example example, ItemsOutput output, Places places, @Nullable Object expected) {
        if (expected == null) {
            return;
        }
        String name = output.name();
        if (!(expected instanceof List<?> pairs) || pairs.size() > places.size()) {
            problem(example, "'" + name + "' must be a list of at most " + places.size() + " pairs [item, score]");
            return;
        }
        ItemVocabulary vocabulary = output.vocabulary();
        for (int place = 0; place < pairs.size(); place++) {
            if (!(pairs.get(place) instanceof List<?> pair)
                    || pair.size() != 2
                    || !(pair.get(1) instanceof Double wanted)) {
                problem(example, "'" + name + "', place " + (place + 1) + " must be a pair [item, score]");
                return;
            }
            int item = pair.getFirst() instanceof Double index
                    ? index.intValue()
                    : vocabulary.indexOf(String.valueOf(pair.getFirst()));
            int at = find(places, item);
            double found = at < 0 ? Double.NaN : places.score(at);
            boolean moved = at != place && !agrees(wanted, places.score(place), ROUNDING);
            if (at < 0 || moved || !agrees(wanted, found, ROUNDING)) {
                problem(
                        example,
                        "'" + name + "', place " + (place + 1) + ": expected " + pair.getFirst() + " with "
                                + wanted
                                + (at < 0
                                        ? ", which is not in the list"
                                        : ", found it at place " + (at + 1) + " with " + found));
            }
        }
    }

    private static int find(Places places, int item) {
        for (int place = 0; place < places.size(); place++) {
            if (places.item(place) == item) {
                return place;
            }
        }
        return -1;
    }

    private boolean agrees(double wanted, double found, double rounding) {
        if (Double.isNaN(wanted) || Double.isNaN(found)) {
            return Double.isNaN(wanted) && Double.isNaN(found);
        }
        double size = Math.abs(wanted);
        return Math.abs(wanted - found) <= version.manifest().tolerance() * Math.max(1, size) + rounding * size;
    }

    private static double @Nullable [] numbers(Object expected) {
        if (expected instanceof Double number) {
            return new double[] {number};
        }
        if (expected instanceof Boolean truth) {
            return new double[] {truth ? 1 : 0};
        }
        if (!(expected instanceof List<?> list) || !list.stream().allMatch(Double.class::isInstance)) {
            return null;
        }
        return list.stream().mapToDouble(Double.class::cast).toArray();
    }

    private void problem(Example example, String message) {
        problems.add(new Problem(source, example.line(), 0, message, ""));
    }
}
