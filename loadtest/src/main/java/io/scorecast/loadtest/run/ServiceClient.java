package io.scorecast.loadtest.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks a service what has to be known before the load. */
final class ServiceClient implements AutoCloseable {

    private static final JsonFactory JSON = new JsonFactory();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int PAGE = 1_000;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final Target target;

    ServiceClient(Target target) {
        this.target = target;
    }

    boolean isReady() throws InterruptedException {
        try {
            return get("/health/readiness").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The ids of customers that it knows.
     *
     * @param most how many at most
     * @throws LoadTestFailure if it does not tell
     */
    List<String> customers(int most) throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>();
        String cursor = "";
        do {
            String path = "/v1/customers?limit=" + Math.min(PAGE, most - ids.size());
            HttpResponse<byte[]> page = get(
                    cursor.isEmpty() ? path : path + "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8));
            if (page.statusCode() != 200) {
                throw new LoadTestFailure("GET /v1/customers answers with status " + page.statusCode()
                        + "; name customers with --ids FILE, or give a --key that may list them");
            }
            cursor = read(page.body(), ids);
        } while (!cursor.isEmpty() && ids.size() < most);
        return ids;
    }

    /** Returns the cursor of the next page; empty if there is none. */
    private static String read(byte[] body, List<String> ids) throws IOException {
        String cursor = "";
        try (JsonParser parser = JSON.createParser(body)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.START_ARRAY) {
                    while (parser.nextToken() == JsonToken.VALUE_STRING) {
                        ids.add(parser.getText());
                    }
                } else if (name.equals("cursor")) {
                    @Nullable String text = parser.getValueAsString();
                    cursor = text == null ? "" : text;
                }
            }
        }
        return cursor;
    }

    /**
     * Sends a request and returns the answer's body.
     *
     * @param json the body; empty for none
     * @throws LoadTestFailure if the answer is no success
     */
    String send(String method, String path, String json) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).timeout(LONGEST);
        if (json.isEmpty()) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.method(method, BodyPublishers.ofString(json)).header("Content-Type", "application/json");
        }
        HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new LoadTestFailure(
                    method + " " + path + " answers with status " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(target.url().resolve("/") + target.prefix().replaceFirst("^/", "") + path)
                                .normalize())
                .timeout(PATIENCE);
        String key = target.key();
        if (key != null && !key.isEmpty()) {
            request.header("X-Api-Key", key);
        }
        return request;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
