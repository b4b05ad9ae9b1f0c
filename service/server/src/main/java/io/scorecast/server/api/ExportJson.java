package io.scorecast.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.model.OutputSpec;
import io.scorecast.engine.policy.Policy;
import io.scorecast.engine.policy.WrittenRule;
import io.scorecast.engine.profile.LogHeader;
import io.scorecast.engine.profile.LoggedEvent;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.engine.scorer.FeatureView;
import io.scorecast.engine.scorer.Scorer;
import io.scorecast.server.scoring.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is held about a customer: every event in the order of its arrival, also those retracted, repeated or older than an
 * erasure; the attributes and permissions that follow from them; the prediction that anyone who asks now is given; and what
 * it is made from: for each model its purpose and the features it reads, for the policy its rules as they were written.
 */
final class ExportJson {

    /** Stands in no text of an answer: there, quotes are escaped. */
    private static final String PERSONAL = "\"personalized\":true";

    private ExportJson() {}

    /**
     * Writes a customer's log and prediction as JSON.
     *
     * @param scorer whose models and rules are explained
     * @param now epoch milliseconds
     */
    static byte[] of(CustomerId customer, byte[] log, Answer answer, Scorer scorer, long now) {
        List<LoggedEvent> events = ProfileLog.events(customer, log, 0, log.length);
        LogHeader header = ProfileLog.headerOf(log, 0, log.length);
        String prediction = new String(answer.body(), StandardCharsets.UTF_8);
        // Of who objects, nothing is computed for anybody.
        byte[] scored = prediction.contains(PERSONAL) ? log : null;
        return Json.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("customer_id", customer.value());
            out.writeStringField("exported_at", Instant.ofEpochMilli(now).toString());
            if (header != null && header.erasedAt() > 0) {
                out.writeStringField(
                        "erased_at", Instant.ofEpochMilli(header.erasedAt()).toString());
            }
            ProfileJson.writeFlaws(log, out);
            ProfileJson.writeHistories(customer, log, out);
            out.writeArrayFieldStart("events");
            for (LoggedEvent event : events) {
                out.writeRawValue(withArrival(event.event(), event.arrival()));
            }
            out.writeEndArray();
            out.writeFieldName("prediction");
            out.writeRawValue(prediction);
            out.writeArrayFieldStart("models");
            for (ModelVersion version : scorer.models()) {
                writeModel(version, scorer, scored, now, out);
            }
            out.writeEndArray();
            Policy policy = scorer.policy();
            if (policy != null) {
                out.writeObjectFieldStart("policy");
                out.writeNumberField("version", policy.version());
                writeRules("points", policy.writtenPoints(), out);
                writeRules("segments", policy.writtenSegments(), out);
                writeRules("decisions", policy.writtenDecisions(), out);
                writeFeatures(FeatureView.POLICY, scorer, scored, now, out);
                out.writeEndObject();
            }
            out.writeEndObject();
        });
    }

    /** As files of events have it, so that an export can be loaded. */
    private static String withArrival(Event event, long arrival) {
        String json = new String(Json.bytes(out -> EventJson.write(event, out)), StandardCharsets.UTF_8);
        return json.substring(0, json.length() - 1) + ",\"arrival\":\"" + Instant.ofEpochMilli(arrival) + "\"}";
    }

    private static void writeModel(
            ModelVersion version, Scorer scorer, byte @Nullable [] log, long now, JsonGenerator out)
            throws IOException {
        out.writeStartObject();
        out.writeStringField("model", version.name());
        out.writeNumberField("version", version.version());
        out.writeStringField("purpose", version.manifest().description());
        out.writeArrayFieldStart("outputs");
        for (OutputSpec output : version.manifest().outputs()) {
            out.writeString(output.name());
        }
        out.writeEndArray();
        writeFeatures(version.name(), scorer, log, now, out);
        out.writeEndObject();
    }

    private static void writeRules(String kind, List<WrittenRule> rules, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart(kind);
        for (WrittenRule rule : rules) {
            out.writeStartObject();
            out.writeStringField("name", rule.name());
            if (rule.when() != null) {
                out.writeStringField("when", rule.when());
            }
            if (rule.points() != 0) {
                out.writeNumberField("add", rule.points());
            }
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void writeFeatures(String reader, Scorer scorer, byte @Nullable [] log, long now, JsonGenerator out)
            throws IOException {
        FeatureView view = FeatureView.of(scorer, reader);
        if (view != null && log != null) {
            out.writeFieldName("features");
            Json.write(view.compute(log, 0, log.length, now), out);
        }
    }
}
