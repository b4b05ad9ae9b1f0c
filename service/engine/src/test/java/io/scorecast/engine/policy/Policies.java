package io.scorecast.engine.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventError;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.event.EventSink;
import io.scorecast.engine.feature.FeaturePlan;
import io.scorecast.engine.model.Bands;
import io.scorecast.engine.model.Calibration;
import io.scorecast.engine.model.OutputSpec;
import io.scorecast.engine.model.Percentiles;
import io.scorecast.engine.model.ScoreOutput;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.ProfileDecoder;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.engine.profile.SourcePriority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** Policies written into a folder, and customers to ask them about, beside two made-up outputs. */
final class Policies {

    static final long NOW = Instant.parse("2026-06-01T12:00:00Z").toEpochMilli();
    static final long DAY = 86_400_000;

    static final List<OutputSpec> OUTPUTS = List.of(
            output("p_redeem_30d", ScoreOutput.Kind.PROBABILITY, true),
            output("clv_90d", ScoreOutput.Kind.VALUE, false));

    private Policies() {}

    /** With three bands at 0, 0.3 and 0.6; percentiles by hundredths, if wanted. */
    private static ScoreOutput output(String name, ScoreOutput.Kind kind, boolean percentiles) {
        double[] cuts = new double[99];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = (i + 1) / 100.0;
        }
        return new ScoreOutput(
                name,
                kind,
                "",
                "",
                0,
                new Calibration.None(),
                0,
                kind == ScoreOutput.Kind.PROBABILITY ? 1 : Double.MAX_VALUE,
                new Bands(List.of("low", "medium", "high"), new double[] {0, 0.3, 0.6}),
                percentiles ? new Percentiles(cuts) : Percentiles.none(),
                0.1);
    }

    /** Writes a version's folder with its checksums. */
    static Path write(Path repository, String yaml) {
        try {
            Path folder = Files.createDirectories(repository.resolve("policy/4"));
            Files.writeString(folder.resolve("policy.yaml"), yaml);
            seal(folder);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void seal(Path folder) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve("policy.yaml"));
        Files.writeString(folder.resolve("SHA256SUMS"), sha256(bytes) + "  policy.yaml\n");
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A policy that must be right. */
    static Policy read(Path repository, String yaml) {
        Problems problems = new Problems();
        Policy policy = Policy.read(write(repository, yaml), OUTPUTS, problems);
        assertThat(problems.list()).isEmpty();
        return Objects.requireNonNull(policy);
    }

    /** What is wrong with a policy. */
    static List<Problem> refusals(Path repository, String yaml) {
        Problems problems = new Problems();
        assertThat(Policy.read(write(repository, yaml), OUTPUTS, problems)).isNull();
        return problems.list();
    }

    /** A policy at work for one customer. */
    static final class Asked {

        private final PolicyPlan plan;
        private final FeaturePlan features;
        private final FeaturePlan.State state;
        private final PolicyResult result;
        private final List<Event> events = new ArrayList<>();
        private double redeem = Double.NaN;
        private double value = Double.NaN;

        Asked(Policy policy) {
            features = FeaturePlan.of(List.of(policy.features()));
            state = features.newState();
            plan = policy.plan(features);
            result = plan.newResult();
        }

        /** Adds an event some days before {@link #NOW}; {@code more} are further JSON fields. */
        Asked event(String type, double daysAgo, String... more) {
            StringBuilder json = new StringBuilder("{\"id\":\"e")
                    .append(events.size())
                    .append("\",\"customer_id\":\"c\",\"type\":\"")
                    .append(type)
                    .append("\",\"time\":\"")
                    .append(Instant.ofEpochMilli(NOW - Math.round(daysAgo * DAY)))
                    .append('"');
            for (String field : more) {
                json.append(',').append(field);
            }
            byte[] line = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
            boolean good = EventJson.of(CustomerId.of("c")).readLine(line, 0, line.length, 1, NOW, new EventSink() {
                @Override
                public void event(int index, Event event, long arrival) {
                    events.add(event);
                }

                @Override
                public void error(EventError error) {
                    throw new AssertionError(error);
                }
            });
            assertThat(good).isTrue();
            return this;
        }

        Asked attributes(double daysAgo, String json) {
            return event("attributes", daysAgo, "\"attributes\":" + json);
        }

        /** The models' published scores; NaN for a missing one. */
        Asked scores(double redeemed, double worth) {
            redeem = redeemed;
            value = worth;
            return this;
        }

        PolicyResult now() {
            return at(NOW);
        }

        PolicyResult at(long instant) {
            byte[] log = ProfileLog.of(1, events, Event::time);
            Profile profile = ProfileDecoder.create(SourcePriority.NONE).decode(log, 0, log.length);
            profile.asOf(instant, false);
            features.compute(profile, state);
            evaluate(profile, 1);
            return result;
        }

        /** Evaluates the rules for the same customer again and again; returns the bytes allocated meanwhile. */
        long allocatedBy(int times) {
            byte[] log = ProfileLog.of(1, events, Event::time);
            Profile profile = ProfileDecoder.create(SourcePriority.NONE).decode(log, 0, log.length);
            profile.asOf(NOW, false);
            features.compute(profile, state);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            evaluate(profile, times);
            return threads.getCurrentThreadAllocatedBytes() - before;
        }

        private void evaluate(Profile profile, int times) {
            double[] scores = {redeem, value};
            int[] bands = {band(0, redeem), band(1, value)};
            int[] percentiles = {percentile(0, redeem), percentile(1, value)};
            for (int i = 0; i < times; i++) {
                plan.evaluate(profile, state, scores, bands, percentiles, result);
            }
        }

        /** The instant from which time alone may change the answer. */
        long turnsAt(long instant) {
            double days = at(instant).turnsIn();
            return days == Double.POSITIVE_INFINITY ? Long.MAX_VALUE : instant + (long) Math.floor(days * DAY);
        }

        private static int band(int output, double score) {
            return ((ScoreOutput) OUTPUTS.get(output)).bands().of(score);
        }

        private static int percentile(int output, double score) {
            return ((ScoreOutput) OUTPUTS.get(output)).percentiles().of(score);
        }
    }
}
