package io.scorecast.server.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.event.InvalidEventException;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.server.scoring.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bodies of {@code POST /v1/scores/batch}. */
final class BatchBody {

    static final int MAX_CUSTOMERS = 1_000;

    private static final String FIELD = "customer_ids";
    private static final byte[] START = "{\"results\":[".getBytes(StandardCharsets.UTF_8);

    private BatchBody() {}

    /**
     * Reads the customers.
     *
     * @throws ApiException 400 with the field to blame
     */
    static List<CustomerId> read(byte[] json) {
        List<CustomerId> customers = null;
        try (JsonParser parser = EventJson.FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw ApiException.badRequest(null, "the body is not an object with customer_ids");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (!field.equals(FIELD)) {
                    throw ApiException.badRequest(field, Nearest.message("field", field, List.of(FIELD)));
                }
                customers = readCustomers(parser);
            }
            return checked(customers);
        } catch (JsonProcessingException e) {
            throw ApiException.badRequest(null, "the body is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw ApiException.badRequest(null, "the body is not valid JSON: " + e.getMessage());
        }
    }

    private static List<CustomerId> checked(@Nullable List<CustomerId> customers) {
        if (customers == null) {
            throw ApiException.badRequest(FIELD, FIELD + " is missing");
        }
        return customers;
    }

    private static List<CustomerId> readCustomers(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw ApiException.badRequest(FIELD, FIELD + " is not an array of strings");
        }
        List<CustomerId> customers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            int index = customers.size();
            if (index == MAX_CUSTOMERS) {
                throw ApiException.badRequest(FIELD, FIELD + " has more than " + MAX_CUSTOMERS + " customers");
            }
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                throw ApiException.badRequest(FIELD, FIELD + "[" + index + "] is not a string");
            }
            try {
                customers.add(CustomerId.of(parser.getText()));
            } catch (InvalidEventException e) {
                throw ApiException.badRequest(FIELD, FIELD + "[" + index + "]: " + e.detail());
            }
        }
        return customers;
    }

    /** The answers one after the other, bytes as they are. */
    static byte[] write(List<Answer> answers) {
        int length = START.length + Math.max(0, answers.size() - 1) + 2;
        for (Answer answer : answers) {
            length += answer.body().length;
        }
        byte[] body = new byte[length];
        int at = put(START, body, 0);
        for (int i = 0; i < answers.size(); i++) {
            if (i > 0) {
                body[at++] = ',';
            }
            at = put(answers.get(i).body(), body, at);
        }
        body[at++] = ']';
        body[at] = '}';
        return body;
    }

    private static int put(byte[] part, byte[] body, int at) {
        System.arraycopy(part, 0, body, at, part.length);
        return at + part.length;
    }
}
