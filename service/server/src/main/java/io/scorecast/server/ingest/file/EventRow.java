package io.scorecast.server.ingest.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.google.common.hash.Hashing;
import io.scorecast.engine.event.ArrivalRule;
import io.scorecast.engine.event.AttributeValue;
import io.scorecast.engine.event.EventAttributes;
import io.scorecast.engine.event.EventBuilder;
import io.scorecast.engine.event.EventError;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.event.EventSink;
import io.scorecast.engine.event.InvalidEventException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row of a table on its way to an event: the columns' values are put in, then it is sent. The first fault of a row
 * is kept and the rest of it ignored. Reused for each row.
 */
final class EventRow {

    private final ArrivalRule rule;
    private final long received;
    private final EventSink sink;
    private final TableColumns table;
    private final EventBuilder event = new EventBuilder();
    private final Map<String, AttributeValue> attributes = new LinkedHashMap<>();

    /** What the row says, where its event's id is made of that. */
    private final StringBuilder said = new StringBuilder();

    private @Nullable InvalidEventException fault;

    EventRow(ArrivalRule rule, long received, EventSink sink, TableColumns table) {
        this.rule = rule;
        this.received = received;
        this.sink = sink;
        this.table = table;
    }

    EventRow clear() {
        event.clear();
        attributes.clear();
        said.setLength(0);
        fault = null;
        for (TableColumns.Default value : table.defaults()) {
            cell(value.column(), value.text());
        }
        return this;
    }

    void text(EventColumn column, String value) {
        if (fault == null) {
            say(column, value);
            try {
                column.text(this, value);
            } catch (InvalidEventException e) {
                fault = e;
            }
        }
    }

    void cell(EventColumn column, String value) {
        if (fault == null) {
            say(column, value);
            try {
                column.cell(this, value);
            } catch (InvalidEventException e) {
                fault = e;
            }
        }
    }

    void whole(EventColumn column, long value) {
        if (fault == null) {
            say(column, value);
            try {
                column.whole(this, value);
            } catch (InvalidEventException e) {
                fault = e;
            }
        }
    }

    void number(EventColumn column, double value) {
        if (fault == null) {
            say(column, value);
            try {
                column.number(this, value);
            } catch (InvalidEventException e) {
                fault = e;
            }
        }
    }

    void flag(EventColumn column, boolean value) {
        if (fault == null) {
            say(column, value);
            try {
                column.flag(this, value);
            } catch (InvalidEventException e) {
                fault = e;
            }
        }
    }

    private void say(EventColumn column, Object value) {
        if (table.wide() && column.isSaid()) {
            said.append(column.name()).append('=').append(value).append('\n');
        }
    }

    /** Notes a fault of the row as a whole. */
    void fault(String field, String detail) {
        if (fault == null) {
            fault = new InvalidEventException(field, detail);
        }
    }

    EventBuilder event() {
        return event;
    }

    void attribute(String path, AttributeValue value) {
        if (attributes.put(path, value) != null) {
            throw new InvalidEventException("attributes." + path, "attributes." + path + " is given twice");
        }
    }

    /** Adds the members of an object written as JSON. */
    void attributesJson(String json) {
        try (JsonParser parser = EventJson.FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new InvalidEventException("attributes", "attributes must be an object in JSON");
            }
            EventJson.readAttributes(parser).leaves().forEach(this::attribute);
            if (parser.nextToken() != null) {
                throw new InvalidEventException("attributes", "attributes go on after the end of their object");
            }
        } catch (JsonProcessingException e) {
            throw new InvalidEventException("attributes", "attributes are not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new InvalidEventException("attributes", "attributes are not valid JSON: " + e.getMessage());
        }
    }

    /** The same row of the same instant has the same id, so that a table may be loaded again. */
    private String ownId() {
        return "row-" + Hashing.murmur3_128().hashUnencodedChars(said);
    }

    /** Hands the event, or the fault, to the sink. */
    void send(int index) {
        if (table.wide()) {
            event.id(ownId());
        }
        if (fault == null && !attributes.isEmpty()) {
            try {
                event.attributes(EventAttributes.of(attributes));
            } catch (InvalidEventException e) {
                fault = e;
            }
        }
        if (fault != null) {
            sink.error(new EventError(index, fault.field(), fault.detail()));
        } else {
            event.send(index, rule, received, sink);
        }
    }
}
