package io.scorecast.server.ingest.file;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.scorecast.engine.event.ArrivalRule;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.event.EventSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Events from one object a line, or from one array. */
final class JsonEvents {

    private final Path path;
    private final boolean isArray;

    JsonEvents(Path path, boolean isArray) {
        this.path = path;
        this.isArray = isArray;
    }

    void read(InputStream in, ArrivalRule rule, long received, EventSink sink) throws IOException {
        EventJson json = EventJson.inFiles(rule);
        if (isArray) {
            readArray(json, in, received, sink);
        } else {
            json.readLines(in, received, sink);
        }
    }

    /** Streams the array: a broken event is one error, broken JSON ends the reading. */
    private void readArray(EventJson json, InputStream in, long received, EventSink sink) throws IOException {
        int index = 0;
        try (JsonParser parser = EventJson.FACTORY.createParser(in)) {
            parser.nextToken();
            for (; parser.nextToken() != JsonToken.END_ARRAY; index++) {
                json.readEvent(parser, index, received, sink);
            }
            if (parser.nextToken() != null) {
                throw new EventFileException(path + ": there is more after the end of the array");
            }
        } catch (JsonProcessingException e) {
            // What is only too long or too deep has no location.
            JsonLocation place = e.getLocation();
            String line = place == null ? "" : ", line " + place.getLineNr();
            throw new EventFileException(
                    path + ": element " + (index + 1L) + line + ": not valid JSON: " + e.getOriginalMessage(), e);
        }
    }
}
