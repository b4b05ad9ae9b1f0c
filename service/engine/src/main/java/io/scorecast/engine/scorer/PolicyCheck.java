package io.scorecast.engine.scorer;

import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.prediction.PredictionSchema;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares what a policy says with its golden examples, if it has some: the answer's fields under {@code expect}. */
final class PolicyCheck {

    private static final double TOLERANCE = 1e-5;

    private final Scorer scorer;
    private final String source;
    private final Problems problems;

    PolicyCheck(Scorer scorer, String folder, Problems problems) {
        this.scorer = scorer;
        this.source = folder + "/golden.ndjson";
        this.problems = problems;
    }

    void run(Path folder) {
        Path file = folder.resolve("golden.ndjson");
        if (!Files.exists(file)) {
            return;
        }
        ScoreBatch batch = scorer.newProvingBatch(1);
        for (Example example : Example.read(file, source, problems)) {
            batch.clear();
            batch.add(
                    new Question(example.customer(), example.at(), example.at(), List.of()),
                    example.log(),
                    0,
                    example.log().length);
            batch.score();
            compare(example, fields(batch.prediction(0)));
        }
    }

    private void compare(Example example, Map<String, Object> found) {
        if (example.expect().isEmpty()) {
            problem(example, "'expect', the fields of the answer, is missing");
        }
        example.expect().forEach((name, wanted) -> {
            if (!found.containsKey(name)) {
                problem(example, Nearest.message("field of the answer", name, found.keySet()));
            } else if (!agrees(wanted, found.get(name))) {
                problem(example, "'" + name + "' is " + found.get(name) + ", expected " + wanted);
            }
        });
    }

    private static boolean agrees(Object wanted, Object found) {
        if (wanted instanceof Double number && found instanceof Double value) {
            return (number.isNaN() && value.isNaN())
                    || Math.abs(number - value) <= TOLERANCE * Math.max(1, Math.abs(number));
        }
        return wanted.equals(found);
    }

    private Map<String, Object> fields(Prediction prediction) {
        PredictionSchema schema = scorer.schema();
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < schema.scores().size(); i++) {
            PredictionSchema.Score spec = schema.scores().get(i);
            Prediction.Score score = prediction.scores().get(i);
            fields.put(spec.name(), score.value());
            fields.put(
                    spec.name() + "_band", score.band() < 0 ? "" : spec.bands().get(score.band()));
            fields.put(spec.name() + "_percentile", (double) score.percentile());
        }
        for (int i = 0; i < schema.points().size(); i++) {
            fields.put(schema.points().get(i), prediction.points().get(i));
        }
        fields.put("segments", prediction.segments());
        fields.put("segment", prediction.segment() == null ? Double.NaN : prediction.segment());
        fields.put("decision", prediction.decision() == null ? Double.NaN : prediction.decision());
        fields.putAll(prediction.responses());
        return fields;
    }

    private void problem(Example example, String message) {
        problems.add(new Problem(source, example.line(), 0, message, ""));
    }
}
