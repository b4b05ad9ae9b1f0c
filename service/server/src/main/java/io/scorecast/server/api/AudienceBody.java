package io.scorecast.server.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.event.InvalidEventException;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.server.audience.AudienceJob;
import io.scorecast.server.audience.AudienceJobs;
import io.scorecast.server.audience.AudienceRequest;
import io.scorecast.server.audience.Customers;
import io.scorecast.server.audience.Output;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/audiences}: JSON, or multipart with an id file. */
final class AudienceBody {

    private static final List<String> FIELDS =
            List.of("customers", "where", "top", "exclude", "output", "changed_since", "moved", "warm_cache", "at");
    private static final List<String> OUTPUT =
            List.of("format", "preset", "columns", "gzip", "rows_per_part", "bytes_per_part");

    private final AudienceJobs.Draft draft;
    private final AudienceJobs jobs;
    private final Map<String, Object> body;
    private final @Nullable Path uploaded;

    private AudienceBody(
            AudienceJobs.Draft draft, AudienceJobs jobs, Map<String, Object> body, @Nullable Path uploaded) {
        this.draft = draft;
        this.jobs = jobs;
        this.body = body;
        this.uploaded = uploaded;
    }

    /**
     * Reads it; ids that come along are kept in the job's folder.
     *
     * @throws ApiException 400 with the field to blame
     */
    static AudienceRequest read(HttpRequest<byte[]> request, AudienceJobs.Draft draft, AudienceJobs jobs)
            throws IOException {
        if (!Bodies.isType(request, MediaType.MULTIPART_FORM_DATA_TYPE)) {
            return new AudienceBody(draft, jobs, json(Bodies.json(request)), null).request();
        }
        Path uploaded = null;
        Map<String, Object> body = new LinkedHashMap<>();
        for (Multipart.Part part : Multipart.read(request)) {
            if (part.fileName() != null && uploaded != null) {
                throw ApiException.badRequest(part.name(), "there is more than one file among the parts of the body");
            }
            if (part.fileName() != null) {
                String name = "ids-" + part.fileName().replaceAll("[^A-Za-z0-9._-]", "_");
                uploaded = draft.keep(name, new ByteArrayInputStream(part.bytes()));
            } else if (part.name().equals("request")) {
                body.putAll(json(part.bytes()));
            } else {
                body.putAll(json(("{\"" + part.name().replaceAll("[^a-z_]", "") + "\": "
                                + new String(part.bytes(), StandardCharsets.UTF_8) + "}")
                        .getBytes(StandardCharsets.UTF_8)));
            }
        }
        if (uploaded == null) {
            throw ApiException.badRequest("file", "there is no file among the parts of the body");
        }
        return new AudienceBody(draft, jobs, body, uploaded).request();
    }

    private static Map<String, Object> json(byte[] bytes) {
        try (JsonParser parser = EventJson.FACTORY.createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw ApiException.badRequest(null, "the body is not a JSON object");
            }
            return object(parser);
        } catch (JsonProcessingException e) {
            throw ApiException.badRequest(null, "the body is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw ApiException.badRequest(null, "the body is not valid JSON: " + e.getMessage());
        }
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            Object value = value(parser);
            if (value != null) {
                members.put(name, value);
            }
        }
        return members;
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    Object item = value(parser);
                    items.add(item == null ? "" : item);
                }
                yield items;
            }
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> parser.getText();
        };
    }

    private AudienceRequest request() throws IOException {
        known("", body, FIELDS);
        Map<String, Object> top = object(body, "top");
        known("top.", top, List.of("n", "by"));
        if (!top.isEmpty() && (!(top.get("n") instanceof Long) || !(top.get("by") instanceof String))) {
            throw ApiException.badRequest("top", "top is {\"n\": a whole number, \"by\": a score}");
        }
        return new AudienceRequest(
                customers(),
                text(body, "where"),
                top.get("n") instanceof Long n && top.get("by") instanceof String by
                        ? new AudienceRequest.Top((int) Math.min(Integer.MAX_VALUE, Math.max(0, n)), by)
                        : null,
                exclude(),
                output(),
                since(),
                truth(body, "warm_cache"),
                at());
    }

    private static void known(String prefix, Map<String, Object> members, List<String> fields) {
        for (String field : members.keySet()) {
            if (!fields.contains(field)) {
                throw ApiException.badRequest(prefix + field, Nearest.message("field", field, fields));
            }
        }
    }

    private static Map<String, Object> object(Map<String, Object> members, String field) {
        Object value = members.get(field);
        Map<String, Object> object = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> found) {
            found.forEach((name, member) -> object.put(String.valueOf(name), member));
        } else if (value != null) {
            throw ApiException.badRequest(field, field + " is not an object");
        }
        return object;
    }

    private static @Nullable String text(Map<String, Object> members, String field) {
        Object value = members.get(field);
        if (value != null && !(value instanceof String)) {
            throw ApiException.badRequest(field, field + " is not a string");
        }
        return value == null ? null : (String) value;
    }

    private static boolean truth(Map<String, Object> members, String field) {
        Object value = members.get(field);
        if (value != null && !(value instanceof Boolean)) {
            throw ApiException.badRequest(field, field + " is neither true nor false");
        }
        return Boolean.TRUE.equals(value);
    }

    private static long number(Map<String, Object> members, String field) {
        Object value = members.get(field);
        if (value != null && !(value instanceof Long number && number > 0)) {
            throw ApiException.badRequest("output." + field, field + " is not a positive whole number");
        }
        return value == null ? 0 : (Long) value;
    }

    private Customers customers() throws IOException {
        Map<String, Object> customers = object(body, "customers");
        known("customers.", customers, List.of("all", "segment", "ids", "file"));
        int given = customers.size() + (uploaded == null ? 0 : 1);
        if (given != 1 || Boolean.FALSE.equals(customers.get("all"))) {
            throw ApiException.badRequest(
                    "customers",
                    "customers is one of {\"all\": true}, {\"segment\": …}, {\"ids\": […]}, {\"file\": …}");
        }
        if (uploaded != null) {
            return new Customers.Ids(uploaded);
        }
        if (customers.containsKey("all")) {
            boolean unused = truth(customers, "all");
            return new Customers.All();
        }
        String segment = text(customers, "segment");
        return segment != null ? new Customers.Segment(segment) : new Customers.Ids(ids("customers", customers));
    }

    private @Nullable Path exclude() throws IOException {
        Map<String, Object> exclude = object(body, "exclude");
        known("exclude.", exclude, List.of("ids", "file"));
        if (exclude.size() > 1) {
            throw ApiException.badRequest("exclude", "exclude has ids or a file, not both");
        }
        return exclude.isEmpty() ? null : ids("exclude", exclude);
    }

    private Path ids(String field, Map<String, Object> from) throws IOException {
        String file = text(from, "file");
        if (file != null) {
            return jobs.files().find(field + ".file", file);
        }
        if (!(from.get("ids") instanceof List<?> items)) {
            throw ApiException.badRequest(field + ".ids", "ids is not an array of strings");
        }
        List<String> ids = new ArrayList<>(items.size());
        for (Object item : items) {
            if (!(item instanceof String id)) {
                throw ApiException.badRequest(field + ".ids", "ids[" + ids.size() + "] is not a string");
            }
            try {
                ids.add(CustomerId.of(id).value());
            } catch (InvalidEventException e) {
                throw ApiException.badRequest(field + ".ids", "ids[" + ids.size() + "]: " + e.detail());
            }
        }
        return draft.keep(field + ".txt", ids);
    }

    /** A shipped one by its name, or a file that requests may name. */
    private @Nullable String preset(Map<String, Object> output) throws IOException {
        String preset = text(output, "preset");
        return preset == null || !Output.isPresetFile(preset)
                ? preset
                : jobs.files().find("output.preset", preset).toString();
    }

    private Output output() throws IOException {
        Map<String, Object> output = object(body, "output");
        known("output.", output, OUTPUT);
        String word = text(output, "format");
        Output.Format format = word == null ? null : Output.Format.of(word);
        if (word != null && format == null) {
            throw ApiException.badRequest("output.format", Nearest.message("format", word, Output.Format.WORDS));
        }
        List<String> columns = new ArrayList<>();
        Object wanted = output.get("columns");
        if (wanted instanceof List<?> items && items.stream().allMatch(String.class::isInstance)) {
            items.forEach(item -> columns.add(String.valueOf(item)));
        } else if (wanted != null) {
            throw ApiException.badRequest("output.columns", "columns is not an array of strings");
        }
        return new Output(
                format,
                preset(output),
                columns,
                truth(output, "gzip"),
                number(output, "rows_per_part"),
                number(output, "bytes_per_part"));
    }

    private AudienceRequest.@Nullable Since since() {
        String id = text(body, "changed_since");
        Object moved = body.getOrDefault("moved", AudienceRequest.Since.MOVED);
        if (!(moved instanceof Number number) || !(number.doubleValue() >= 0)) {
            throw ApiException.badRequest("moved", "moved is not a number from 0 up");
        }
        if (id == null) {
            return null;
        }
        AudienceJob job = jobs.find(id);
        if (job == null) {
            throw ApiException.badRequest("changed_since", "there is no audience '" + id + "'");
        }
        return new AudienceRequest.Since(job.folder().toAbsolutePath(), number.doubleValue());
    }

    private @Nullable Long at() {
        Object at = body.get("at");
        if (at instanceof Long millis) {
            return Parameters.instant(millis);
        }
        String text = text(body, "at");
        return text == null ? null : (Long) Parameters.instant(text);
    }
}
