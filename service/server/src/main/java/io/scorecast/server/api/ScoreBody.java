package io.scorecast.server.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventAttributes;
import io.scorecast.engine.event.EventError;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.event.EventSink;
import io.scorecast.engine.event.EventType;
import io.scorecast.engine.event.InvalidEventException;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.server.scoring.ScoreRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/scores}.
 *
 * @param models whose outputs are wanted; null if it does not say
 * @param limit the most items of a list; null if it does not say
 */
record ScoreBody(
        ScoreRequest request,
        @Nullable Set<String> models,
        @Nullable Integer limit) {

    private static final List<String> FIELDS =
            List.of("customer_id", "events", "attributes", "exclude", "models", "limit", "at");

    private static final String ATTRIBUTES_ID = "context-attributes";

    /**
     * Reads a body.
     *
     * @param now epoch milliseconds
     * @param asked the instant that the query asks for, if the body does not say; null for now
     * @throws ApiException 400 with the field to blame
     */
    static ScoreBody read(byte[] json, long now, @Nullable Long asked) {
        try {
            Head head = head(json);
            return new Reader(head.customer(), head.at() == null ? asked : head.at(), now).read(json);
        } catch (InvalidEventException e) {
            throw ApiException.badField(e);
        } catch (JsonProcessingException e) {
            throw ApiException.badRequest(null, "the body is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw ApiException.badRequest(null, "the body is not valid JSON: " + e.getMessage());
        }
    }

    /** What the events need, wherever it stands. */
    private record Head(CustomerId customer, @Nullable Long at) {}

    private static Head head(byte[] json) throws IOException {
        try (JsonParser parser = EventJson.FACTORY.createParser(json)) {
            parser.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw ApiException.badRequest(null, "the body is not an object with a customer_id");
            }
            CustomerId customer = null;
            Long at = null;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("customer_id")) {
                    customer = CustomerId.of(text(parser, field));
                } else if (field.equals("at")) {
                    at = instant(parser);
                }
                parser.skipChildren();
            }
            if (customer == null) {
                throw ApiException.badRequest("customer_id", "customer_id is missing");
            }
            return new Head(customer, at);
        }
    }

    private static long instant(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                ? Parameters.instant(parser.getLongValue())
                : Parameters.instant(text(parser, "at"));
    }

    private static String text(JsonParser parser, String field) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw ApiException.badRequest(field, field + " is not a string");
        }
        return parser.getText();
    }

    /** Reads the rest. */
    private static final class Reader implements EventSink {

        private final CustomerId customer;
        private final @Nullable Long at;
        private final long now;
        private final List<Event> context = new ArrayList<>();
        private final List<EventError> errors = new ArrayList<>();
        private EventAttributes attributes = EventAttributes.NONE;
        private List<String> exclude = List.of();
        private @Nullable Set<String> models;
        private @Nullable Integer limit;

        Reader(CustomerId customer, @Nullable Long at, long now) {
            this.customer = customer;
            this.at = at;
            this.now = now;
        }

        ScoreBody read(byte[] json) throws IOException {
            try (JsonParser parser = EventJson.FACTORY.createParser(json)) {
                parser.nextToken();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String field = parser.currentName();
                    parser.nextToken();
                    switch (field) {
                        case "customer_id", "at" -> parser.skipChildren();
                        case "events" -> readEvents(parser);
                        case "attributes" -> readAttributes(parser);
                        case "exclude" -> exclude = texts(parser, field);
                        case "models" -> models = readModels(parser);
                        case "limit" -> limit = Parameters.number("limit", parser.getText(), 0, Integer.MAX_VALUE, 0);
                        default -> throw ApiException.badRequest(field, Nearest.message("field", field, FIELDS));
                    }
                }
                if (parser.nextToken() != null) {
                    throw ApiException.badRequest(null, "there is more after the end of the JSON");
                }
            }
            if (!errors.isEmpty()) {
                throw ApiException.badEvents("the context has events that cannot be taken", errors);
            }
            if (!attributes.isEmpty()) {
                context.add(Event.builder()
                        .id(ATTRIBUTES_ID)
                        .customer(customer)
                        .type(EventType.ATTRIBUTES)
                        .time(instant())
                        .attributes(attributes)
                        .build(now));
            }
            return new ScoreBody(new ScoreRequest(customer, at, context, exclude), models, limit);
        }

        /** When the context happened, where it does not say. */
        private long instant() {
            return at == null ? now : Math.min(at, now);
        }

        private void readEvents(JsonParser parser) throws IOException {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw ApiException.badRequest("events", "events is not an array");
            }
            EventJson reader = EventJson.of(customer, instant());
            for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                reader.readEvent(parser, i, now, this);
            }
        }

        private void readAttributes(JsonParser parser) throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw ApiException.badRequest("attributes", "attributes is not an object");
            }
            attributes = EventJson.readAttributes(parser);
        }

        private static List<String> texts(JsonParser parser, String field) throws IOException {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw ApiException.badRequest(field, field + " is not an array of strings");
            }
            List<String> texts = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                texts.add(text(parser, field));
            }
            return texts;
        }

        /** An array, or as in a query one string with commas. */
        private static Set<String> readModels(JsonParser parser) throws IOException {
            return parser.currentToken() == JsonToken.VALUE_STRING
                    ? Parameters.split(parser.getText())
                    : new LinkedHashSet<>(texts(parser, "models"));
        }

        @Override
        public void event(int index, Event event, long arrival) {
            context.add(event);
        }

        @Override
        public void error(EventError error) {
            errors.add(error);
        }
    }
}
