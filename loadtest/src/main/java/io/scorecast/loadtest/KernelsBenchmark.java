package io.scorecast.loadtest;

import io.scorecast.engine.event.Event;
import io.scorecast.engine.feature.FeaturePlan;
import io.scorecast.engine.policy.Policy;
import io.scorecast.engine.policy.PolicyPlan;
import io.scorecast.engine.policy.PolicyResult;
import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.ProfileDecoder;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.engine.profile.SourcePriority;
import io.scorecast.engine.scorer.Question;
import io.scorecast.engine.scorer.ScoreBatch;
import io.scorecast.engine.scorer.Scorer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The steps of an answer each for itself, for one customer. Profiles are joined from those that the propensity model is
 * warmed up with; each call has another one than the call before.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseCompactObjectHeaders"})
public class KernelsBenchmark {

    /** Customers, taken in turns. */
    @State(Scope.Thread)
    public static class Logs {

        /** In each log. */
        @Param({"10", "40", "400"})
        public int events;

        private byte[][] logs = new byte[0][];
        private int next;
        private final ProfileDecoder decoder = ProfileDecoder.create(SourcePriority.NONE);

        @Setup
        public void read() {
            logs = ShippedModels.logsOf(events);
        }

        Profile decodeNext() {
            byte[] log = logs[next++ % logs.length];
            Profile profile = decoder.decode(log, 0, log.length);
            profile.asOf(ShippedModels.TIME, false);
            return profile;
        }
    }

    /** The features of the propensity model and of twenty rules, and those rules, over forty events. */
    @State(Scope.Thread)
    public static class Rules {

        private static final int PROFILES = 64;

        private final Policy policy = TwentyRules.read();
        private final FeaturePlan plan =
                FeaturePlan.of(List.of(ShippedModels.features("propensity"), policy.features()));
        private final FeaturePlan.State state = plan.newState();
        private final PolicyPlan rules = policy.plan(plan);
        private final PolicyResult result = rules.newResult();
        private final Profile[] profiles = new Profile[PROFILES];
        private int next;

        @Setup
        public void decode() {
            byte[][] logs = ShippedModels.logsOf(40);
            for (int i = 0; i < PROFILES; i++) {
                byte[] log = logs[i % logs.length];
                profiles[i] = ProfileDecoder.create(SourcePriority.NONE).decode(log, 0, log.length);
                profiles[i].asOf(ShippedModels.TIME, false);
            }
        }

        Profile next() {
            return profiles[next++ % PROFILES];
        }
    }

    /** A prediction of all shipped models. */
    @State(Scope.Thread)
    public static class Answers {

        private final Scorer scorer = ShippedModels.load();
        private final Prediction prediction = prediction(scorer);

        private static Prediction prediction(Scorer scorer) {
            ScoreBatch batch = scorer.newBatch(1);
            byte[] log = ShippedModels.logs()[0];
            batch.add(Question.plain("customer", ShippedModels.TIME), log, 0, log.length);
            batch.score();
            return batch.prediction(0);
        }

        @TearDown
        public void close() {
            scorer.close();
        }
    }

    /** Events that come in, one by one. */
    @State(Scope.Thread)
    public static class Incoming {

        private final List<Event> events = ShippedModels.events(400).getFirst();
        private int next;

        Event next() {
            return events.get(next++ % events.size());
        }
    }

    /** A log's bytes to columns in the order of time. */
    @Benchmark
    public int decode(Logs logs) {
        return logs.decodeNext().size();
    }

    /** A profile to every feature that anybody asks for. */
    @Benchmark
    public FeaturePlan.State features(Rules rules) {
        rules.plan.compute(rules.next(), rules.state);
        return rules.state;
    }

    /** The same, and then twenty rules: what they cost is the difference. */
    @Benchmark
    public PolicyResult featuresAndPolicy(Rules rules) {
        Profile profile = rules.next();
        rules.plan.compute(profile, rules.state);
        rules.rules.evaluate(
                profile, rules.state, TwentyRules.NO_SCORES, TwentyRules.NONE, TwentyRules.NONE, rules.result);
        return rules.result;
    }

    /** A prediction to the bytes of its JSON. */
    @Benchmark
    public byte[] encode(Answers answers) {
        return answers.scorer.json().encode(answers.prediction, null, Integer.MAX_VALUE);
    }

    /** One event to the bytes that are appended to its customer's log. */
    @Benchmark
    public byte[] append(Incoming incoming) {
        Event event = incoming.next();
        return ProfileLog.event(event, event.time());
    }
}
