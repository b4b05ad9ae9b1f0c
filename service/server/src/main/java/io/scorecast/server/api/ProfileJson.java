package io.scorecast.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.scorecast.engine.event.AttributeValue;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventId;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.event.EventType;
import io.scorecast.engine.profile.CarryOver;
import io.scorecast.engine.profile.LoggedEvent;
import io.scorecast.engine.profile.ProfileLog;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A profile for people: the events that count, in order of (time, id), each once, without those retracted; and what was said
 * of each attribute and permission over time, the latest last.
 */
final class ProfileJson {

    private ProfileJson() {}

    /** Writes a customer's log as JSON. */
    static byte[] of(CustomerId customer, byte[] log) {
        List<Event> events = counting(customer, log);
        return Json.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("customer_id", customer.value());
            if (!events.isEmpty()) {
                out.writeStringField("first_seen", time(events.getFirst()));
                out.writeStringField("last_seen", time(events.getLast()));
            }
            writeFlaws(log, out);
            writeHistories(events, out);
            out.writeArrayFieldStart("events");
            for (Event event : events) {
                EventJson.write(event, out);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    /** What is missing from the events below, where anything is. */
    static void writeFlaws(byte[] log, JsonGenerator out) throws IOException {
        long dropped = CarryOver.of(log, 0, log.length).droppedEvents();
        if (dropped > 0) {
            out.writeNumberField("dropped_events", dropped);
        }
        if (ProfileLog.isBroken(log, 0, log.length)) {
            out.writeBooleanField("unreadable", true);
        }
    }

    /** What was said of attributes and permissions over time. */
    static void writeHistories(CustomerId customer, byte[] log, JsonGenerator out) throws IOException {
        writeHistories(counting(customer, log), out);
    }

    private static void writeHistories(List<Event> events, JsonGenerator out) throws IOException {
        writeHistory("attributes", EventType.ATTRIBUTES, events, out);
        writeHistory("consent", EventType.CONSENT, events, out);
    }

    private static List<Event> counting(CustomerId customer, byte[] log) {
        long erasedAt = ProfileLog.erasedAt(log, 0, log.length);
        Map<EventId, Event> byId = new LinkedHashMap<>();
        Set<String> retracted = new HashSet<>();
        for (LoggedEvent logged : ProfileLog.events(customer, log, 0, log.length)) {
            if (logged.event().time() > erasedAt) {
                byId.putIfAbsent(logged.event().id(), logged.event());
            }
        }
        for (Event event : byId.values()) {
            String target = event.attributes().text("event_id");
            if (event.knownType() == EventType.RETRACT && target != null) {
                retracted.add(target);
            }
        }
        List<Event> events = new ArrayList<>(byId.values());
        events.removeIf(event -> event.knownType() != EventType.RETRACT
                && retracted.contains(event.id().value()));
        events.sort(Comparator.comparingLong(Event::time)
                .thenComparing(event -> event.id().value()));
        return events;
    }

    private static void writeHistory(String field, EventType type, List<Event> events, JsonGenerator out)
            throws IOException {
        Map<String, List<Event>> byPath = new TreeMap<>();
        for (Event event : events) {
            if (event.knownType() == type) {
                for (String path : event.attributes().leaves().keySet()) {
                    byPath.computeIfAbsent(path, first -> new ArrayList<>()).add(event);
                }
            }
        }
        out.writeObjectFieldStart(field);
        for (Map.Entry<String, List<Event>> path : byPath.entrySet()) {
            out.writeArrayFieldStart(path.getKey());
            for (Event event : path.getValue()) {
                AttributeValue value = event.attributes().leaves().get(path.getKey());
                out.writeStartObject();
                out.writeFieldName("value");
                EventJson.write(value == null ? AttributeValue.NULL : value, out);
                out.writeStringField("time", time(event));
                if (event.source() != null) {
                    out.writeStringField("source", event.source());
                }
                out.writeEndObject();
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    private static String time(Event event) {
        return Instant.ofEpochMilli(event.time()).toString();
    }
}
