package io.scorecast.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scorecast.server.cli.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Customers whose events are those of the made-up ones that the shipped propensity model was warmed up with. */
final class MadeUpCustomers {

    /** After the last of their events. */
    static final Instant TIME = Instant.parse("2026-06-01T12:00:00Z");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<List<ObjectNode>> logs = new ArrayList<>();

    MadeUpCustomers() throws IOException {
        for (String line : Files.readAllLines(TestService.SHIPPED_MODELS.resolve("propensity/1/sample.ndjson"))) {
            List<ObjectNode> log = new ArrayList<>();
            for (JsonNode event : JSON.readTree(line).path("events")) {
                log.add((ObjectNode) event);
            }
            logs.add(log);
        }
    }

    /** A customer's events as NDJSON; who and what they are goes by the number. */
    String events(String customer, int number) {
        StringBuilder lines = new StringBuilder();
        for (ObjectNode event : logs.get(number % logs.size())) {
            lines.append(event.deepCopy().put("customer_id", customer)).append('\n');
        }
        return lines.toString();
    }

    /** Customers {@code prefix-0}, {@code prefix-1} … as NDJSON. */
    String events(String prefix, int from, int to) {
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < to; i++) {
            lines.append(events(prefix + "-" + i, i));
        }
        return lines.toString();
    }

    /** One event more. */
    static String event(String customer, String id, String type, Instant time) {
        return JSON.createObjectNode()
                        .put("id", id)
                        .put("customer_id", customer)
                        .put("type", type)
                        .put("time", time.toString())
                + "\n";
    }

    /** A withdrawal of the consent to be scored. */
    static String objection(String customer, Instant time) {
        return consent(customer, "objection", "profiling", false, time);
    }

    /** A permission given or withdrawn. */
    static String consent(String customer, String id, String permission, boolean given, Instant time) {
        ObjectNode event = JSON.createObjectNode()
                .put("id", id)
                .put("customer_id", customer)
                .put("type", "consent")
                .put("time", time.toString());
        event.putObject("attributes").put(permission, given);
        return event + "\n";
    }
}
