package io.scorecast.loadtest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventError;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.event.EventSink;
import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.feature.VocabularyFiles;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.YamlNode;
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

/**
 * What the repository ships, for benchmarks that are started in its root or name it in {@code scorecast.home}. {@code
 * scorecast.models} names other models that are scored with.
 */
final class ShippedModels {

    /** After the last event of the sample profiles. */
    static final long TIME = Instant.parse("2026-06-01T12:00:00Z").toEpochMilli();

    private static final Path FOLDER =
            Path.of(System.getProperty("scorecast.home", "."), "models").toAbsolutePath();

    private static final CustomerId CUSTOMER = CustomerId.of("customer");

    /** Sample profiles in a log. */
    private static final int JOINED = 3;

    private ShippedModels() {}

    static Scorer load() {
        String others = System.getProperty("scorecast.models");
        return load(others == null ? FOLDER : Path.of(others).toAbsolutePath());
    }

    /** One of the models alone. */
    static Scorer load(String model) {
        try {
            Path alone = Files.createTempDirectory("scorecast-");
            Path link = Files.createSymbolicLink(alone.resolve(model), FOLDER.resolve(model));
            try {
                return load(alone);
            } finally {
                Files.delete(link);
                Files.delete(alone);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Scorer load(Path repository) {
        ScorerLoader.Loaded loaded = new ScorerLoader(ScorerSettings.DEFAULT, ScorerMetrics.NOOP).load(repository);
        Scorer scorer = loaded.scorer();
        if (scorer == null) {
            throw new IllegalStateException("nothing to serve in " + repository + ": " + loaded.problems());
        }
        return scorer;
    }

    /** Logs of some forty events, as Redis would have them: each joins three of the sample profiles. */
    static byte[][] logs() {
        List<String> profiles = profiles();
        byte[][] logs = new byte[profiles.size()][];
        for (int i = 0; i < logs.length; i++) {
            List<Event> events = new ArrayList<>();
            for (int part = 0; part < JOINED; part++) {
                join(profiles, i, part, events);
            }
            logs[i] = ProfileLog.of(1, events, Event::time);
        }
        return logs;
    }

    /** Logs of exactly so many events. */
    static byte[][] logsOf(int events) {
        return events(events).stream()
                .map(log -> ProfileLog.of(1, log, Event::time))
                .toArray(byte[][]::new);
    }

    /** Profiles of exactly so many events, joined from as many of the sample profiles as that takes. */
    static List<List<Event>> events(int count) {
        List<String> profiles = profiles();
        List<List<Event>> all = new ArrayList<>();
        for (int i = 0; i < profiles.size(); i++) {
            List<Event> events = new ArrayList<>();
            for (int part = 0; events.size() < count; part++) {
                join(profiles, i, part, events);
            }
            all.add(events.subList(0, count));
        }
        return all;
    }

    /** A model's own features, in its first version. */
    static FeatureSet features(String model) {
        Path folder = FOLDER.resolve(model).resolve("1");
        Problems problems = new Problems();
        try {
            String manifest = Files.readString(folder.resolve("model.yaml"));
            YamlNode root = YamlNode.parse("model.yaml", manifest, problems);
            YamlNode features = root == null ? null : root.require("features");
            FeatureSet set =
                    features == null ? FeatureSet.EMPTY : FeatureSet.read(features, VocabularyFiles.in(folder));
            problems.throwIfAny();
            return set;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> profiles() {
        try {
            return Files.readAllLines(FOLDER.resolve("propensity/1/sample.ndjson"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void join(List<String> profiles, int first, int part, List<Event> events) {
        String profile = profiles.get((first + part) % profiles.size());
        try {
            // An id counts once in a profile.
            read(profile.replace("{\"id\":\"", "{\"id\":\"" + part + "-"), events);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read(String profile, List<Event> events) throws IOException {
        try (JsonParser parser = EventJson.FACTORY.createParser(profile)) {
            while (!"events".equals(parser.currentName()) || parser.currentToken() != JsonToken.START_ARRAY) {
                parser.nextToken();
            }
            EventJson reader = EventJson.of(CUSTOMER);
            for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                reader.readEvent(parser, i, TIME, new Collector(events));
            }
        }
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
