package io.scorecast.loadtest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Compares the rows of an audience with what a service over the same Redis answers for one customer at a time. */
final class AudienceCheck implements AutoCloseable {

    private static final JsonFactory JSON = new JsonFactory();

    private final Process process;
    private final URI url;
    private final HttpClient client = HttpClient.newHttpClient();

    /**
     * Starts a service.
     *
     * @param scorecast what runs the command line
     */
    AudienceCheck(List<String> scorecast, Path models, URI redis, Path data) throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<String> command = new ArrayList<>(scorecast);
        command.addAll(List.of("serve", "--port", Integer.toString(port), "--models", models.toString()));
        command.addAll(List.of("--redis-url", redis.toString(), "--data", data.toString()));
        Path log = data.resolveSibling("service.log");
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        url = URI.create("http://127.0.0.1:" + port);
        for (int i = 0; !isReady(); i++) {
            if (i == 600 || !process.isAlive()) {
                process.destroy();
                throw new IllegalStateException("the service did not get ready; see " + log);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            return get("/health/readiness").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(url.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /**
     * Asks for customers all over the files.
     *
     * @param folder of the audience, CSV
     * @param at the audience's instant
     * @return how many were compared
     * @throws IllegalStateException if a value differs
     */
    int compare(Path folder, Instant at, int rows, int samples) throws IOException, InterruptedException {
        List<Path> parts;
        try (Stream<Path> files = Files.list(folder)) {
            parts = files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList();
        }
        int every = Math.max(1, rows / samples);
        int row = 0;
        int compared = 0;
        for (Path part : parts) {
            try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(part)) {
                for (NamedCsvRecord next : reader) {
                    if (row++ % every == 0 && compared < samples) {
                        compare(next, at);
                        compared++;
                    }
                }
            }
        }
        return compared;
    }

    private void compare(NamedCsvRecord row, Instant at) throws IOException, InterruptedException {
        String customer = URLEncoder.encode(row.getField("customer_id"), StandardCharsets.UTF_8);
        HttpResponse<String> answer = get("/v1/scores/" + customer + "?at=" + at);
        Map<String, String> fields = fields(answer.body());
        int equal = 0;
        for (Map.Entry<String, String> field : fields.entrySet()) {
            String cell = row.findField(field.getKey()).orElse(null);
            if (cell != null && !cell.equals(field.getValue())) {
                throw new IllegalStateException("row " + row.getStartingLineNumber() + ": " + field.getKey() + " is "
                        + cell + " in the file, " + field.getValue() + " over REST");
            }
            equal += cell == null ? 0 : 1;
        }
        if (answer.statusCode() != 200 || equal < row.getFieldCount() / 2) {
            throw new IllegalStateException("only " + equal + " values of a row could be compared");
        }
    }

    /** The fields of an answer as a file would write them: those of one value, and lists of words. */
    private static Map<String, String> fields(String body) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(body)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (value.isScalarValue()) {
                    fields.put(name, json.getText());
                } else if (value == JsonToken.START_ARRAY && json.nextToken() != JsonToken.START_OBJECT) {
                    List<String> words = new ArrayList<>();
                    for (; json.currentToken() != JsonToken.END_ARRAY; json.nextToken()) {
                        words.add(json.getText());
                    }
                    fields.put(name, String.join("|", words));
                } else {
                    json.skipChildren();
                    while (value == JsonToken.START_ARRAY && json.nextToken() != JsonToken.END_ARRAY) {
                        json.skipChildren();
                    }
                }
            }
        }
        return fields;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
        client.close();
    }
}
