package io.scorecast.server.audience;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request as it is kept in a job's file. */
final class RequestText {

    private RequestText() {}

    static Map<String, Object> of(AudienceRequest request) {
        Map<String, Object> text = new LinkedHashMap<>();
        switch (request.customers()) {
            case Customers.All all -> text.put("all", true);
            case Customers.Segment segment -> text.put("segment", segment.name());
            case Customers.Ids ids -> text.put("ids", ids.file().toString());
            case Customers.Events events ->
                text.put("events", events.files().stream().map(Path::toString).toList());
        }
        put(text, "where", request.where());
        AudienceRequest.Top top = request.top();
        if (top != null) {
            text.put("top", top.n());
            text.put("by", top.by());
        }
        put(text, "exclude", request.exclude());
        AudienceRequest.Since since = request.since();
        if (since != null) {
            text.put("since", since.folder().toString());
            text.put("moved", since.moved());
        }
        Output output = request.output();
        put(text, "format", output.format() == null ? null : output.format().word());
        put(text, "preset", output.preset());
        text.put("columns", output.columns());
        text.put("gzip", output.gzip());
        text.put("rows_per_part", output.rowsPerPart());
        text.put("bytes_per_part", output.bytesPerPart());
        text.put("warm_cache", request.warmCache());
        put(text, "at", request.at());
        return text;
    }

    private static void put(Map<String, Object> text, String name, @Nullable Object value) {
        if (value != null) {
            text.put(name, value instanceof Path path ? path.toString() : value);
        }
    }

    static AudienceRequest read(Map<String, Object> text) {
        List<Path> events = Plain.list(text, "events").stream()
                .map(file -> Path.of(file.toString()))
                .toList();
        Customers customers = text.get("ids") instanceof String ids
                ? new Customers.Ids(Path.of(ids))
                : text.get("segment") instanceof String segment
                        ? new Customers.Segment(segment)
                        : events.isEmpty() ? new Customers.All() : new Customers.Events(events);
        Path exclude = text.get("exclude") instanceof String file ? Path.of(file) : null;
        AudienceRequest.Top top = text.get("by") instanceof String by
                ? new AudienceRequest.Top((int) Plain.number(text, "top"), by)
                : null;
        AudienceRequest.Since since = text.get("since") instanceof String folder
                ? new AudienceRequest.Since(
                        Path.of(folder), text.get("moved") instanceof Number moved ? moved.doubleValue() : 0)
                : null;
        Output output = new Output(
                Output.Format.of(Plain.text(text, "format")),
                text.get("preset") instanceof String preset ? preset : null,
                Plain.list(text, "columns").stream().map(Object::toString).toList(),
                Boolean.TRUE.equals(text.get("gzip")),
                Plain.number(text, "rows_per_part"),
                Plain.number(text, "bytes_per_part"));
        return new AudienceRequest(
                customers,
                text.get("where") instanceof String where ? where : null,
                top,
                exclude,
                output,
                since,
                Boolean.TRUE.equals(text.get("warm_cache")),
                text.get("at") instanceof Number at ? Long.valueOf(at.longValue()) : null);
    }
}
