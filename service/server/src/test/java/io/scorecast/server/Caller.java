package io.scorecast.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Calls a service as anyone would: over HTTP. */
final class Caller implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client;
    private final URI service;

    Caller(URI service) {
        this(service, HttpClient.newBuilder());
    }

    Caller(URI service, HttpClient.Builder client) {
        this.service = service;
        this.client = client.version(HttpClient.Version.HTTP_1_1).build();
    }

    /** A response, with the time it took as the caller sees it. */
    record Reply(int status, java.net.http.HttpHeaders headers, byte[] body, long nanos) {

        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(text(), e);
            }
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    Reply get(String path) {
        return send(request(path).GET());
    }

    Reply score(String customer) {
        return get("/v1/scores/" + customer);
    }

    CompletableFuture<Reply> scoreLater(String customer) {
        return later(request("/v1/scores/" + customer).GET());
    }

    Reply post(String path, String json) {
        return send(posting(path, json));
    }

    CompletableFuture<Reply> postLater(String path, String json) {
        return later(posting(path, json));
    }

    /** Sends a body as it is. */
    Reply send(String method, String path, String type, BodyPublisher body) {
        return send(request(path).header("Content-Type", type).method(method, body));
    }

    /** Sends a request without a body. */
    Reply bare(String method, String path) {
        return send(request(path).method(method, BodyPublishers.noBody()));
    }

    /** Stores events, all of which must be taken. */
    void store(String ndjson) {
        Reply reply = send("POST", "/v1/events", "application/x-ndjson", BodyPublishers.ofString(ndjson));
        if (reply.status() != 202 || reply.json().path("rejected").asInt() != 0) {
            throw new AssertionError(reply.status() + " " + reply.text());
        }
    }

    /** The value of a line of {@code /metrics}; 0 if there is none. */
    double metric(String series) {
        Matcher line = Pattern.compile("^" + Pattern.quote(series) + " (\\S+)$", Pattern.MULTILINE)
                .matcher(get("/metrics").text());
        return line.find() ? Double.parseDouble(line.group(1)) : 0;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(service.resolve(path)).timeout(PATIENCE);
    }

    private HttpRequest.Builder posting(String path, String json) {
        return request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
    }

    Reply send(HttpRequest.Builder request) {
        return later(request).join();
    }

    private CompletableFuture<Reply> later(HttpRequest.Builder request) {
        long start = System.nanoTime();
        return client.sendAsync(request.build(), BodyHandlers.ofByteArray()).thenApply(reply -> reply(reply, start));
    }

    private static Reply reply(HttpResponse<byte[]> response, long start) {
        return new Reply(response.statusCode(), response.headers(), response.body(), System.nanoTime() - start);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
