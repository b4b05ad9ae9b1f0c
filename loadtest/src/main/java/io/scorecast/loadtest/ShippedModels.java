package io.scorecast.loadtest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventError;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.event.EventSink;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.engine.scorer.Scorer;
import io.scorecast.engine.scorer.ScorerLoader;
import io.scorecast.engine.scorer.ScorerMetrics;
import io.scorecast.engine.scorer.ScorerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the repository ships, for benchmarks that are started in its root or name it in {@code scorecast.home}. */
final class ShippedModels {

    /** After the last event of the sample profiles. */
    static final long TIME = Instant.parse("2026-06-01T12:00:00Z").toEpochMilli();

    private static final Path FOLDER =
            Path.of(System.getProperty("scorecast.home", "."), "models").toAbsolutePath();

    private static final CustomerId CUSTOMER = CustomerId.of("customer");

    private ShippedModels() {}

    static Scorer load() {
        ScorerLoader.Loaded loaded = new ScorerLoader(ScorerSettings.DEFAULT, ScorerMetrics.NOOP).load(FOLDER);
        Scorer scorer = loaded.scorer();
        if (scorer == null) {
            throw new IllegalStateException("nothing to serve in " + FOLDER + ": " + loaded.problems());
        }
        return scorer;
    }

    /** The logs of the sample profiles, as Redis would have them. */
    static byte[][] logs() {
        try {
            return Files.readAllLines(FOLDER.resolve("propensity/1/sample.ndjson")).stream()
                    .map(ShippedModels::log)
                    .toArray(byte[][]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] log(String line) {
        List<Event> events = new ArrayList<>();
        try (JsonParser parser = EventJson.FACTORY.createParser(line)) {
            while (!"events".equals(parser.currentName()) || parser.currentToken() != JsonToken.START_ARRAY) {
                parser.nextToken();
            }
            EventJson reader = EventJson.of(CUSTOMER);
            for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                reader.readEvent(parser, i, TIME, new Collector(events));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ProfileLog.of(1, events, Event::time);
    }

    private record Collector(List<Event> events) implements EventSink {

        @Override
        public void event(int index, Event event, long arrival) {
            events.add(event);
        }

        @Override
        public void error(EventError error) {
            throw new IllegalStateException(error.toString());
        }
    }
}
