package io.scorecast.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.YamlNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The customers of a demo, as {@code demo.json} in its data folder remembers them once they are loaded.
 *
 * @param synthetic whether they are made up
 * @param movedWeeks whole weeks by which the events were moved
 * @param dataEnded when the last event happened
 * @param lastEvent when it happens after the move
 * @param examples customers worth asking about
 */
record DemoData(
        boolean synthetic,
        long customers,
        long events,
        int movedWeeks,
        String dataEnded,
        String lastEvent,
        List<Example> examples) {

    private static final Duration WEEK = Duration.ofDays(7);

    DemoData {
        examples = List.copyOf(examples);
    }

    record Example(String customerId, String why) {}

    /**
     * Reads what {@link #write} or {@code demo-events} of the Python package wrote.
     *
     * @param source names it in problems
     */
    static DemoData parse(String source, String json) {
        Problems problems = new Problems();
        YamlNode root = YamlNode.parse(source, json, problems);
        problems.throwIfAny();
        if (root == null) {
            throw new CommandFailure(source + ": is empty");
        }
        List<Example> examples = new ArrayList<>();
        YamlNode list = root.require("examples");
        if (list != null) {
            list.items()
                    .forEach(example -> examples.add(new Example(text(example, "customer_id"), text(example, "why"))));
        }
        YamlNode synthetic = root.get("synthetic");
        DemoData data = new DemoData(
                synthetic != null && synthetic.truth(),
                number(root, "customers"),
                number(root, "events"),
                (int) number(root, "moved_weeks"),
                text(root, "data_ended"),
                text(root, "last_event"),
                examples);
        problems.throwIfAny();
        return data;
    }

    private static String text(YamlNode map, String key) {
        YamlNode value = map.require(key);
        return value == null ? "" : value.text();
    }

    private static long number(YamlNode map, String key) {
        YamlNode value = map.require(key);
        return value == null ? 0 : value.integer(0, Integer.MAX_VALUE);
    }

    /** What a folder remembers; null if nothing was loaded there. */
    static @Nullable DemoData of(Path file) throws IOException {
        return Files.exists(file) ? parse(file.toString(), Files.readString(file)) : null;
    }

    void write(Path file) throws IOException {
        try (JsonGenerator json =
                new JsonFactory().createGenerator(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
            json.writeStartObject();
            json.writeBooleanField("synthetic", synthetic);
            json.writeNumberField("customers", customers);
            json.writeNumberField("events", events);
            json.writeNumberField("moved_weeks", movedWeeks);
            json.writeStringField("data_ended", dataEnded);
            json.writeStringField("last_event", lastEvent);
            json.writeArrayFieldStart("examples");
            for (Example example : examples) {
                json.writeStartObject();
                json.writeStringField("customer_id", example.customerId());
                json.writeStringField("why", example.why());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    /** Whether the last event is of the week before an instant. */
    boolean isRecent(Instant now) {
        return Instant.parse(lastEvent).isAfter(now.minus(WEEK));
    }
}
