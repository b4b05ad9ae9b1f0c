package io.scorecast.engine.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Events from JSON and back. Reads one object, an array, or one object a line; an event that cannot be taken is reported
 * to the sink with the field to blame, and reading goes on with the next. Immutable, safe for many threads.
 */
public final class EventJson {

    /** The longest line of NDJSON that is looked at. */
    public static final int MAX_LINE = 1 << 20;

    /** The factory for every JSON from outside: bounded, and names are not interned, for senders choose them. */
    public static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(200)
                    .maxNumberLength(400)
                    .maxNameLength(2_000)
                    .maxStringLength(MAX_LINE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private static final EventJson STRICT = new EventJson(null, ArrivalRule.RECEIVED, Long.MAX_VALUE);

    private final @Nullable CustomerId owner;
    private final ArrivalRule rule;

    /** When events happened that do not say, unless they arrived before that. */
    private final long untimed;

    private EventJson(@Nullable CustomerId owner, ArrivalRule rule, long untimed) {
        this.owner = owner;
        this.untimed = untimed;
        this.rule = rule;
    }

    /** For events as they arrive: each says whose it is. */
    public static EventJson strict() {
        return STRICT;
    }

    /**
     * For events that come along with a customer (a request's context, a golden example): {@code customer_id} may be left
     * out and must be this customer otherwise, {@code id} may be left out, and {@code time} means the arrival then.
     */
    public static EventJson of(CustomerId owner) {
        return of(owner, Long.MAX_VALUE);
    }

    /**
     * The same for a context as of an instant.
     *
     * @param at when events happened that do not say, epoch milliseconds
     */
    public static EventJson of(CustomerId owner, long at) {
        return new EventJson(owner, ArrivalRule.RECEIVED, at);
    }

    /** For events in files, which may say when they arrived. */
    public static EventJson inFiles(ArrivalRule rule) {
        return new EventJson(null, rule, Long.MAX_VALUE);
    }

    /**
     * Reads one object or an array of them.
     *
     * @param arrival when they are read, epoch milliseconds; what they arrive at unless a file says otherwise
     * @return the number of events found, good and bad
     * @throws MalformedEventsException if the text is no JSON or neither object nor array; the sink may have had events
     */
    public int readDocument(byte[] json, int offset, int length, long arrival, EventSink sink) {
        int index = 0;
        try (JsonParser parser = FACTORY.createParser(json, offset, length)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_ARRAY) {
                for (; parser.nextToken() != JsonToken.END_ARRAY; index++) {
                    readEvent(parser, index, arrival, sink);
                }
            } else if (first == JsonToken.START_OBJECT) {
                readEvent(parser, index++, arrival, sink);
            } else {
                throw new MalformedEventsException(
                        0, "expected an event object or an array of them, not " + EventFields.describe(first));
            }
            if (parser.nextToken() != null) {
                throw new MalformedEventsException(
                        index,
                        "there is more after the end of the JSON; several events go into an array, or one a line as application/x-ndjson");
            }
            return index;
        } catch (IOException e) {
            throw new MalformedEventsException(index, notJson(e, true));
        }
    }

    /**
     * Reads NDJSON. An event's index is its line, from 0; blank lines are passed over; a line that is no JSON is an error
     * of that line alone.
     *
     * @return the number of events found, good and bad
     * @throws IOException if the stream fails
     */
    public int readLines(InputStream in, long arrival, EventSink sink) throws IOException {
        LineReader lines = new LineReader(in, MAX_LINE);
        int count = 0;
        for (int index = 0; lines.next(); index++) {
            if (lines.isTooLong()) {
                sink.error(new EventError(index, "", "the line is longer than " + MAX_LINE + " bytes"));
                count++;
            } else if (readLine(lines.bytes(), lines.start(), lines.length(), index, arrival, sink)) {
                count++;
            }
        }
        return count;
    }

    /** Reads one line of NDJSON; false if it is blank. */
    public boolean readLine(byte[] line, int offset, int length, int index, long arrival, EventSink sink) {
        try (JsonParser parser = FACTORY.createParser(line, offset, length)) {
            if (parser.nextToken() == null) {
                return false;
            }
            HeldEvent held = new HeldEvent(sink);
            readEvent(parser, index, arrival, held);
            if (parser.nextToken() != null) {
                sink.error(new EventError(index, "", "there is more after the event on the same line"));
            } else {
                held.release();
            }
        } catch (IOException e) {
            sink.error(new EventError(index, "", notJson(e, false)));
        }
        return true;
    }

    /**
     * Reads the event that the parser stands at the start of and leaves the parser at its end, whether it is good or bad.
     *
     * @throws IOException if the text is no JSON
     */
    public void readEvent(JsonParser parser, int index, long arrival, EventSink sink) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            JsonToken token = parser.currentToken();
            parser.skipChildren();
            sink.error(new EventError(index, "", "an event is an object, not " + EventFields.describe(token)));
            return;
        }
        int depth = parser.getParsingContext().getNestingDepth();
        Event event;
        long arrived;
        try {
            EventBuilder builder = new EventBuilder();
            EventFields.read(parser, rule.allowsArrival(), builder);
            arrived = rule.arrivalOf(builder, arrival);
            event = complete(builder, index, arrived);
        } catch (InvalidEventException e) {
            while (parser.currentToken() != JsonToken.END_OBJECT
                    || parser.getParsingContext().getNestingDepth() >= depth) {
                if (parser.nextToken() == null) {
                    break; // a parser that ends inside an object throws; this is only for one that does not
                }
            }
            sink.error(new EventError(index, e.field(), e.detail()));
            return;
        }
        sink.event(index, event, arrived);
    }

    private Event complete(EventBuilder builder, int index, long arrival) {
        if (owner != null) {
            if (builder.lacksCustomer()) {
                builder.customer(owner);
            }
            if (builder.lacksId()) {
                builder.id("context-" + index);
            }
            if (builder.lacksTime()) {
                builder.time(Math.min(arrival, untimed));
            }
        }
        Event event = builder.build(arrival);
        if (owner != null && !event.customer().equals(owner)) {
            throw new InvalidEventException(
                    "customer_id", "customer_id " + Texts.quote(event.customer().value()) + " is another customer");
        }
        return event;
    }

    /**
     * Reads an object of attributes that the parser stands at the start of, as in an event's field {@code attributes}.
     *
     * @throws InvalidEventException if they cannot be taken
     * @throws IOException if the text is no JSON
     */
    public static EventAttributes readAttributes(JsonParser parser) throws IOException {
        return AttributeJson.read(parser);
    }

    /** Writes an event as it could be sent again. */
    public static void write(Event event, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", event.id().value());
        out.writeStringField("customer_id", event.customer().value());
        out.writeStringField("type", event.type());
        out.writeStringField("time", Instant.ofEpochMilli(event.time()).toString());
        writeText("product_id", event.product(), out);
        writeText("category", event.category(), out);
        writeNumber("value", event.value(), out);
        writeNumber("quantity", event.quantity(), out);
        writeText("order_id", event.order(), out);
        writeText("session_id", event.session(), out);
        if (!event.attributes().isEmpty()) {
            out.writeFieldName("attributes");
            write(event.attributes().nested(), out);
        }
        writeText("source", event.source(), out);
        out.writeEndObject();
    }

    /** Reads the value that the parser stands at the start of. */
    public static AttributeValue readValue(JsonParser parser) throws IOException {
        return AttributeJson.readValue(parser, "", 1);
    }

    public static void write(AttributeValue value, JsonGenerator out) throws IOException {
        AttributeJson.write(value, out);
    }

    private static void writeText(String name, @Nullable String value, JsonGenerator out) throws IOException {
        if (value != null) {
            out.writeStringField(name, value);
        }
    }

    private static void writeNumber(String name, double value, JsonGenerator out) throws IOException {
        if (!Double.isNaN(value)) {
            out.writeNumberField(name, value);
        }
    }

    /** The place within a line of NDJSON is a column; the line itself is the error's index. */
    private static String notJson(IOException e, boolean withLine) {
        if (!(e instanceof JsonProcessingException json)) {
            return "not valid JSON: " + e.getMessage();
        }
        JsonLocation place = json.getLocation();
        String where = place == null
                ? ""
                : " at " + (withLine ? "line " + place.getLineNr() + ", " : "") + "column " + place.getColumnNr();
        return "not valid JSON" + where + ": " + json.getOriginalMessage();
    }

    /** Keeps a line's event, or what is wrong with it, back until the line's end has been seen: a line is one or the other. */
    private static final class HeldEvent implements EventSink {

        private final EventSink sink;
        private int index;
        private @Nullable Event event;
        private @Nullable EventError error;
        private long arrival;

        HeldEvent(EventSink sink) {
            this.sink = sink;
        }

        @Override
        public void event(int index, Event event, long arrival) {
            this.index = index;
            this.event = event;
            this.arrival = arrival;
        }

        @Override
        public void error(EventError wrong) {
            error = wrong;
        }

        void release() {
            if (error != null) {
                sink.error(error);
            } else if (event != null) {
                sink.event(index, event, arrival);
            }
        }
    }
}
