package io.scorecast.loadtest.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** An outcome as JSON, for programs; its keys are told in {@code docs/benchmarks.md}. */
final class JsonOutcome {

    private final JsonGenerator json;

    private JsonOutcome(JsonGenerator json) {
        this.json = json;
    }

    static void write(Outcome outcome, Path file) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(Files.newOutputStream(file))) {
            json.useDefaultPrettyPrinter();
            new JsonOutcome(json).outcome(outcome);
        }
    }

    private void outcome(Outcome outcome) throws IOException {
        json.writeStartObject();
        json.writeStringField("scenario", outcome.scenario().name());
        json.writeStringField("load", Report.load(outcome));
        recorder(outcome.recorder());
        json.writeObjectFieldStart("processes");
        use("service", outcome.service());
        use("children", outcome.store());
        use("generator", outcome.generator());
        json.writeEndObject();
        @Nullable Recorder alone = outcome.alone();
        if (alone != null) {
            json.writeObjectFieldStart("alone");
            recorder(alone);
            json.writeEndObject();
            json.writeStringField("beside", outcome.beside());
        }
        json.writeEndObject();
    }

    private void recorder(Recorder recorder) throws IOException {
        double seconds = recorder.secondsToLastAnswer();
        json.writeNumberField("requests", recorder.count());
        json.writeNumberField("answers_per_second", recorder.answered() / seconds);
        json.writeNumberField("errors", recorder.errorCount());
        counts("errors_by_reason", recorder.errors());
        counts("fallbacks", recorder.fallbacks());
        counts("cache", recorder.caches());
        json.writeObjectFieldStart("milliseconds");
        Histogram times = recorder.times();
        if (times.getTotalCount() > 0) {
            for (String percentile : new String[] {"50", "90", "99", "99.9"}) {
                json.writeNumberField(
                        "p" + percentile, times.getValueAtPercentile(Double.parseDouble(percentile)) / 1e6);
            }
            json.writeNumberField("max", times.getMaxValue() / 1e6);
        }
        json.writeEndObject();
        if (recorder.late().getTotalCount() > 0) {
            json.writeNumberField("late_p99_milliseconds", recorder.late().getValueAtPercentile(99) / 1e6);
        }
    }

    private void counts(String name, Map<String, Long> counts) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            json.writeNumberField(count.getKey(), count.getValue());
        }
        json.writeEndObject();
    }

    private void use(String name, ProcessUse use) throws IOException {
        if (Double.isNaN(use.cpuSeconds()) || use.residentBytes() < 0) {
            return;
        }
        json.writeObjectFieldStart(name);
        json.writeNumberField("cpu_seconds", use.cpuSeconds());
        json.writeNumberField("resident_bytes", use.residentBytes());
        json.writeEndObject();
    }
}
