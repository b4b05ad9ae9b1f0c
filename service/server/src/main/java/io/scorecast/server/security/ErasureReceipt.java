package io.scorecast.server.security;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.event.InvalidEventException;
import io.scorecast.engine.problem.Nearest;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * That a customer was erased, signed by the service that did it. Signed is every field, so none can be changed later.
 *
 * @param id of the receipt
 * @param erasedAt events of that instant and before count for nothing, epoch milliseconds
 * @param events how many were there
 * @param signature 64 hex digits
 */
public record ErasureReceipt(UUID id, CustomerId customer, long erasedAt, int events, String signature) {

    private static final String ID = "receipt";
    private static final String CUSTOMER = "customer_id";
    private static final String ERASED_AT = "erased_at";
    private static final String EVENTS = "events";
    private static final String SIGNATURE = "signature";
    private static final List<String> FIELDS = List.of(ID, CUSTOMER, ERASED_AT, EVENTS, SIGNATURE);

    /** What is signed. No id of a customer has a line break, so no other text reads the same. */
    String text() {
        return "erasure\n" + id + "\n" + erasedAt + "\n" + events + "\n" + customer.value();
    }

    /** What stands of it in the audit record. */
    public String detail() {
        return "receipt " + signature;
    }

    /** Writes it as an object. */
    public void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField(ID, id.toString());
        out.writeStringField(CUSTOMER, customer.value());
        out.writeStringField(ERASED_AT, Instant.ofEpochMilli(erasedAt).toString());
        out.writeNumberField(EVENTS, events);
        out.writeStringField(SIGNATURE, signature);
        out.writeEndObject();
    }

    /**
     * Reads one back; whether it is genuine is another question.
     *
     * @throws InvalidEventException if it is none, with the field to blame
     * @throws IOException if it is no JSON
     */
    public static ErasureReceipt read(byte[] json) throws IOException {
        Map<String, String> found = new HashMap<>();
        try (JsonParser parser = EventJson.FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new InvalidEventException("", "a receipt is an object with " + FIELDS);
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                if (!FIELDS.contains(field)) {
                    throw new InvalidEventException(field, Nearest.message("field", field, FIELDS));
                }
                JsonToken expected = field.equals(EVENTS) ? JsonToken.VALUE_NUMBER_INT : JsonToken.VALUE_STRING;
                if (parser.nextToken() != expected) {
                    throw new InvalidEventException(
                            field, field + " is not " + (field.equals(EVENTS) ? "a whole number" : "a string"));
                }
                if (found.put(field, parser.getText()) != null) {
                    throw new InvalidEventException(field, field + " is given twice");
                }
            }
            if (parser.nextToken() != null) {
                throw new InvalidEventException("", "there is more after the receipt");
            }
        }
        for (String field : FIELDS) {
            if (!found.containsKey(field)) {
                throw new InvalidEventException(field, field + " is missing");
            }
        }
        return new ErasureReceipt(
                uuid(found.getOrDefault(ID, "")),
                CustomerId.of(found.getOrDefault(CUSTOMER, "")),
                millis(found.getOrDefault(ERASED_AT, "")),
                number(found.getOrDefault(EVENTS, "")),
                signature(found.getOrDefault(SIGNATURE, "")));
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidEventException(ID, ID + " is no UUID");
        }
    }

    private static long millis(String text) {
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new InvalidEventException(ERASED_AT, ERASED_AT + " is no instant in UTC as in 2026-11-20T10:15:00Z");
        }
    }

    private static int number(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw new InvalidEventException(EVENTS, EVENTS + " is not from 0 to 999999999");
        }
        return Integer.parseInt(text);
    }

    private static String signature(String text) {
        if (!text.matches("[0-9a-f]{64}")) {
            throw new InvalidEventException(SIGNATURE, SIGNATURE + " is not 64 hex digits");
        }
        return text;
    }
}
