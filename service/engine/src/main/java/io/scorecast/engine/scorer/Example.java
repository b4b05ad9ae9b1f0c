package io.scorecast.engine.scorer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventError;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.event.EventSink;
import io.scorecast.engine.event.InvalidEventException;
import io.scorecast.engine.model.FolderFiles;
import io.scorecast.engine.model.Pace;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.profile.ProfileLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code golden.ndjson} or {@code sample.ndjson}: a made-up customer at an instant and, in a golden one, what is
 * expected of it. Expected values are a {@link Double} (NaN for null), a {@link String}, a {@link Boolean}, or a list or
 * map of them.
 *
 * @param line from 1
 * @param at epoch milliseconds
 * @param log the customer's events as a profile log
 * @param features expected features by name
 * @param raw what the model's own library answered, by output
 * @param scores the published scores, by output
 * @param expect fields of the whole answer, for a policy's examples
 */
record Example(
        int line,
        String customer,
        long at,
        byte[] log,
        Map<String, Object> features,
        Map<String, Object> raw,
        Map<String, Object> scores,
        Map<String, Object> expect) {

    /** After so many a file is wrong as a whole. */
    private static final int MAX_PROBLEMS = 20;

    private static final List<String> KEYS =
            List.of("customer_id", "at", "events", "features", "raw", "scores", "expect");

    /** Later than any event may be, so that an example may hold events later than its instant. */
    private static final long FAR_FUTURE = Instant.parse("2100-01-01T00:00:00Z").toEpochMilli();

    /**
     * Reads a file of examples.
     *
     * @param source how problems name the file
     * @return the good ones; what is wrong is among the problems
     */
    static List<Example> read(Path file, String source, Problems problems) {
        Path folder = file.toAbsolutePath().getParent();
        return read(
                new FolderFiles(folder == null ? file : folder),
                String.valueOf(file.getFileName()),
                source,
                Integer.MAX_VALUE,
                Pace.NONE,
                problems);
    }

    /**
     * Reads a folder's file of examples.
     *
     * @param most how many are read at most
     */
    static List<Example> read(FolderFiles files, String name, String source, int most, Pace pace, Problems problems) {
        List<Example> examples = new ArrayList<>();
        String text;
        try {
            text = files.text(name);
        } catch (IOException e) {
            problems.add(source, "cannot be read: " + e.getMessage());
            return examples;
        }
        int before = problems.size();
        int number = 0;
        for (int from = 0; from < text.length() && examples.size() < most; ) {
            int end = text.indexOf('\n', from);
            String line = text.substring(from, end < 0 ? text.length() : end);
            from = end < 0 ? text.length() : end + 1;
            number++;
            if (!line.isBlank()) {
                Example example = new Reader(source, number, problems).read(line);
                if (example != null) {
                    examples.add(example);
                }
                pace.pause();
            }
            if (problems.size() - before >= MAX_PROBLEMS) {
                problems.add(source, "more is not read");
                return examples;
            }
        }
        return examples;
    }

    /** Reads one line. */
    private static final class Reader implements EventSink {

        private final String source;
        private final int line;
        private final Problems problems;
        private final List<Event> events = new ArrayList<>();
        private final Map<String, Map<String, Object>> maps = new LinkedHashMap<>();
        private long at = Long.MIN_VALUE;
        private boolean sawEvents;

        Reader(String source, int line, Problems problems) {
            this.source = source;
            this.line = line;
            this.problems = problems;
        }

        @Nullable
        Example read(String text) {
            int before = problems.size();
            byte[] json = text.getBytes(StandardCharsets.UTF_8);
            try {
                CustomerId customer = customer(json);
                if (customer != null) {
                    readFields(json, customer);
                    if (!sawEvents) {
                        problem("'events' is missing");
                    }
                    if (at == Long.MIN_VALUE) {
                        at = events.stream().mapToLong(Event::time).max().orElse(0);
                    }
                    if (problems.size() == before) {
                        return new Example(
                                line,
                                customer.value(),
                                at,
                                log(),
                                map("features"),
                                map("raw"),
                                map("scores"),
                                map("expect"));
                    }
                }
            } catch (JsonProcessingException e) {
                problem("not valid JSON: " + e.getOriginalMessage());
            } catch (IOException e) {
                problem("not valid JSON: " + e.getMessage());
            } catch (InvalidEventException e) {
                problem(e.detail());
            }
            return null;
        }

        private byte[] log() {
            return ProfileLog.of(0, events, Event::time);
        }

        private Map<String, Object> map(String key) {
            return maps.getOrDefault(key, Map.of());
        }

        private @Nullable CustomerId customer(byte[] json) throws IOException {
            try (JsonParser parser = EventJson.FACTORY.createParser(json)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    problem("expected an object on each line");
                    return null;
                }
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    boolean found = parser.currentName().equals("customer_id");
                    parser.nextToken();
                    if (found && parser.currentToken() == JsonToken.VALUE_STRING) {
                        return CustomerId.of(parser.getText());
                    }
                    parser.skipChildren();
                }
            }
            problem("'customer_id', a string, is missing");
            return null;
        }

        private void readFields(byte[] json, CustomerId customer) throws IOException {
            EventJson reader = EventJson.of(customer);
            try (JsonParser parser = EventJson.FACTORY.createParser(json)) {
                parser.nextToken();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String key = parser.currentName();
                    parser.nextToken();
                    switch (key) {
                        case "customer_id" -> {}
                        case "at" -> at = instant(parser);
                        case "events" -> readEvents(parser, reader);
                        default -> {
                            if (!KEYS.contains(key)) {
                                problem(Nearest.message("key", key, KEYS));
                                parser.skipChildren();
                            } else if (value(parser) instanceof Map<?, ?> values) {
                                Map<String, Object> typed = new LinkedHashMap<>();
                                values.forEach((name, value) -> typed.put((String) name, value));
                                maps.put(key, typed);
                            } else {
                                problem("'" + key + "' must be an object");
                            }
                        }
                    }
                }
            }
        }

        private void readEvents(JsonParser parser, EventJson reader) throws IOException {
            sawEvents = true;
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                problem("'events' must be an array");
                parser.skipChildren();
                return;
            }
            for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                reader.readEvent(parser, i, FAR_FUTURE, this);
            }
        }

        private long instant(JsonParser parser) throws IOException {
            if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                return parser.getLongValue();
            }
            try {
                return Instant.parse(parser.getText()).toEpochMilli();
            } catch (DateTimeParseException | ArithmeticException e) {
                problem("'at' must be an instant like 2026-11-20T10:15:00Z, or epoch milliseconds");
                return 0;
            }
        }

        private static Object value(JsonParser parser) throws IOException {
            return switch (parser.currentToken()) {
                case VALUE_NULL -> Double.NaN;
                case VALUE_TRUE -> true;
                case VALUE_FALSE -> false;
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
                case START_ARRAY -> {
                    List<Object> items = new ArrayList<>();
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        items.add(value(parser));
                    }
                    yield items;
                }
                case START_OBJECT -> {
                    Map<String, Object> members = new LinkedHashMap<>();
                    while (parser.nextToken() == JsonToken.FIELD_NAME) {
                        String name = parser.currentName();
                        parser.nextToken();
                        members.put(name, value(parser));
                    }
                    yield members;
                }
                default -> parser.getText();
            };
        }

        @Override
        public void event(int index, Event event, long arrival) {
            events.add(event);
        }

        @Override
        public void error(EventError error) {
            problem("event " + error.index() + ": " + error.detail());
        }

        private void problem(String message) {
            problems.add(new Problem(source, line, 0, message, ""));
        }
    }
}
