package io.scorecast.server.api;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.profile.LogHeader;
import io.scorecast.engine.profile.LoggedEvent;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.server.scoring.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * All that is held about a customer: every event in the order of its arrival, also those retracted, repeated or older than an
 * erasure, and the prediction that anyone who asks now is given.
 */
final class ExportJson {

    private ExportJson() {}

    /**
     * Writes a customer's log and prediction as JSON.
     *
     * @param now epoch milliseconds
     */
    static byte[] of(CustomerId customer, byte[] log, Answer prediction, long now) {
        List<LoggedEvent> events = ProfileLog.events(customer, log, 0, log.length);
        LogHeader header = ProfileLog.headerOf(log, 0, log.length);
        return Json.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("customer_id", customer.value());
            out.writeStringField("exported_at", Instant.ofEpochMilli(now).toString());
            if (header != null && header.erasedAt() > 0) {
                out.writeStringField(
                        "erased_at", Instant.ofEpochMilli(header.erasedAt()).toString());
            }
            ProfileJson.writeFlaws(log, out);
            out.writeArrayFieldStart("events");
            for (LoggedEvent event : events) {
                out.writeRawValue(withArrival(event.event(), event.arrival()));
            }
            out.writeEndArray();
            out.writeFieldName("prediction");
            out.writeRawValue(new String(prediction.body(), StandardCharsets.UTF_8));
            out.writeEndObject();
        });
    }

    /** As files of events have it, so that an export can be loaded. */
    private static String withArrival(Event event, long arrival) {
        String json = new String(Json.bytes(out -> EventJson.write(event, out)), StandardCharsets.UTF_8);
        return json.substring(0, json.length() - 1) + ",\"arrival\":\"" + Instant.ofEpochMilli(arrival) + "\"}";
    }
}
