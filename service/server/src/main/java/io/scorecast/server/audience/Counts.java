package io.scorecast.server.audience;

import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.prediction.PredictionSchema;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What became of the customers, and how those who are written spread over segments, decisions and bands. */
final class Counts {

    private final Map<String, Long> outcomes = new TreeMap<>();
    private final Map<String, Long> segments = new TreeMap<>();
    private final Map<String, Long> decisions = new TreeMap<>();
    private final Map<String, Map<String, Long>> bands = new TreeMap<>();

    static Counts read(Map<String, ?> text) {
        Counts counts = new Counts();
        numbers(Plain.map(text, "outcomes"), counts.outcomes);
        numbers(Plain.map(text, "segments"), counts.segments);
        numbers(Plain.map(text, "decisions"), counts.decisions);
        Plain.map(text, "bands").forEach((score, found) -> {
            Map<String, Long> of = new TreeMap<>();
            if (found instanceof Map<?, ?> members) {
                members.forEach((band, count) ->
                        of.put(String.valueOf(band), count instanceof Number number ? number.longValue() : 0L));
            }
            counts.bands.put(score, of);
        });
        return counts;
    }

    private static void numbers(Map<String, Object> from, Map<String, Long> into) {
        from.forEach((name, count) -> into.put(name, count instanceof Number number ? number.longValue() : 0L));
    }

    Map<String, Object> text() {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("outcomes", new TreeMap<>(outcomes));
        text.put("segments", new TreeMap<>(segments));
        text.put("decisions", new TreeMap<>(decisions));
        Map<String, Object> all = new TreeMap<>();
        bands.forEach((score, of) -> all.put(score, new TreeMap<>(of)));
        text.put("bands", all);
        return text;
    }

    void outcome(String word) {
        outcomes.merge(word, 1L, Long::sum);
    }

    long of(String word) {
        return outcomes.getOrDefault(word, 0L);
    }

    void written(Prediction prediction) {
        for (String segment : prediction.segments()) {
            segments.merge(segment, 1L, Long::sum);
        }
        String decision = prediction.decision();
        if (decision != null) {
            decisions.merge(decision, 1L, Long::sum);
        }
        for (int i = 0; i < prediction.scores().size(); i++) {
            PredictionSchema.Score score = prediction.schema().scores().get(i);
            int band = prediction.scores().get(i).band();
            if (band >= 0) {
                bands.computeIfAbsent(score.name(), name -> new TreeMap<>())
                        .merge(score.bands().get(band), 1L, Long::sum);
            }
        }
    }
}
