package io.scorecast.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls a running service, and turns its problems into failures of one line. */
final class ServingClient implements AutoCloseable {

    private static final JsonFactory JSON = new JsonFactory();
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** A version is proven first, and other instances are waited for. */
    private static final Duration ANSWER = Duration.ofMinutes(2);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final URI service;
    private final @Nullable String key;

    /**
     * @param key null where none is asked for
     */
    ServingClient(URI service, @Nullable String key) {
        this.service = service;
        this.key = key;
    }

    /**
     * Sends a request and reads the JSON object that comes back.
     *
     * @throws CommandFailure if the service refuses, or is not there
     */
    Map<String, Object> call(String method, String path, String json) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(path))
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .method(method, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        if (key != null) {
            request.header("X-Api-Key", key);
        }
        HttpResponse<byte[]> response;
        try {
            response = client.send(request.build(), BodyHandlers.ofByteArray());
        } catch (ConnectException e) {
            throw new CommandFailure("no service answers at " + service + "; --url names another");
        } catch (HttpTimeoutException e) {
            throw new CommandFailure("the service at " + service + " did not answer in time");
        }
        Map<String, Object> body = object(response.body());
        if (response.statusCode() / 100 == 2) {
            return body;
        }
        throw new CommandFailure(problem(response.statusCode(), body));
    }

    /** A problem's one sentence, and the first of its reasons. */
    private static String problem(int status, Map<String, Object> body) {
        if (!(body.get("detail") instanceof String detail)) {
            return "the service answered with status " + status;
        }
        if (!(body.get("errors") instanceof List<?> errors)
                || errors.isEmpty()
                || !(errors.getFirst() instanceof Map<?, ?> first)) {
            return detail;
        }
        String place = first.containsKey("source") ? first.get("source") + line(first) + ": " : "";
        String more = errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more)";
        return detail + ": " + place + first.get("detail") + more;
    }

    private static String line(Map<?, ?> error) {
        return error.containsKey("line") ? ":" + error.get("line") : "";
    }

    /** Empty if it is none. */
    private static Map<String, Object> object(byte[] body) {
        try (JsonParser parser = JSON.createParser(body)) {
            return parser.nextToken() == JsonToken.START_OBJECT ? members(parser) : Map.of();
        } catch (IOException e) {
            return Map.of();
        }
    }

    private static Map<String, Object> members(JsonParser parser) throws IOException {
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
            case START_OBJECT -> members(parser);
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    Object item = value(parser);
                    if (item != null) {
                        items.add(item);
                    }
                }
                yield items;
            }
            case VALUE_NULL -> null;
            default -> parser.getText();
        };
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
