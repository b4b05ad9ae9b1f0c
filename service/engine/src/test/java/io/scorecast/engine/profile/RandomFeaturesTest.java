package io.scorecast.engine.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.scorecast.engine.event.Event;
import io.scorecast.engine.feature.FeaturePlan;
import io.scorecast.engine.feature.FeatureReader;
import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.problem.Problems;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * Features of random logs, with repeats, retractions and ties, against sums over {@link SlowProfile}: returns are netted,
 * and neither splitting a log by compactions nor compacting it at the end changes anything.
 */
class RandomFeaturesTest {

    private static final double HALF_LIFE = 3_600_000;

    private static final FeatureSet SET = read("""
            features:
              - {name: purchases, kind: count, event: purchase}
              - {name: spend, kind: sum, field: value, event: purchase}
              - {name: units, kind: sum, field: quantity, event: purchase}
              - {name: decayed, kind: decayed_count, event: purchase, half_life: 1h}
              - {name: returned, kind: sum, field: value, event: return}
              - {name: both, kind: count, event: [purchase, return]}
              - {name: views, kind: count, event: view}
              - {name: products, kind: distinct, field: product_id, event: [purchase, view]}
              - {name: last, kind: days_since_last, event: purchase}
              - {name: largest, kind: max, field: value, event: purchase}
              - {name: changes, kind: count, event: attributes}
              - {name: behaviour, kind: count}
            """);

    private static FeatureSet read(String text) {
        Problems problems = new Problems();
        FeatureSet set = FeatureSet.readFile("features.yaml", text, name -> null, problems);
        assertThat(problems.list()).isEmpty();
        return set;
    }

    @Property(tries = 300)
    void compute_randomLogs_equalTheSlowReference(@ForAll long seed) {
        RandomEvents random = new RandomEvents(seed);
        List<LoggedEvent> log = random.log(random.nextInt(120));
        byte[] whole = bytes(log, new Random(seed), 0);
        byte[] split = bytes(log, new Random(seed), 25);
        byte[] compacted = compact(whole, 1);
        for (int i = 0; i < 4; i++) {
            long instant = RandomEvents.START + random.nextInt(70) - 5;
            boolean asKnown = random.nextInt(2) == 0;
            Map<String, Double> features = features(whole, instant, asKnown);

            Map<String, Double> expected = expected(new SlowProfile(log, instant, asKnown, List.of()).visible, instant);

            assertThat(features.keySet()).containsAll(expected.keySet());
            expected.forEach((name, value) -> {
                double tolerance = 1e-6 * Math.max(1, Math.abs(value));
                assertThat(features.get(name))
                        .as(name)
                        .satisfiesAnyOf(
                                found -> assertThat(found).isEqualTo(value),
                                found -> assertThat(found).isCloseTo(value, within(tolerance)));
            });
            assertThat(features(split, instant, asKnown)).isEqualTo(features);
            assertThat(features(compacted, instant, asKnown)).isEqualTo(features);
        }
    }

    /** @param every compacted after about so many events; 0 for never */
    private static byte[] bytes(List<LoggedEvent> events, Random random, int every) {
        byte[] log = ProfileLog.header(new LogHeader(0, 0));
        for (LoggedEvent e : events) {
            ByteArrayOutputStream longer = new ByteArrayOutputStream();
            longer.writeBytes(log);
            longer.writeBytes(ProfileLog.event(e.event(), e.arrival()));
            log = longer.toByteArray();
            if (every > 0 && random.nextInt(every) == 0) {
                log = compact(log, random.nextLong());
            }
        }
        return log;
    }

    private static byte[] compact(byte[] log, long epoch) {
        return ((LogCompaction.Compacted)
                        new LogCompaction().compact(log, 0, log.length, new LogHeader(epoch, 0), LogLimits.DEFAULT))
                .log();
    }

    private static Map<String, Double> features(byte[] log, long instant, boolean asKnown) {
        FeaturePlan plan = FeaturePlan.of(List.of(SET));
        FeatureReader reader = plan.reader(SET);
        FeaturePlan.State state = plan.newState();
        Profile profile = ProfileDecoder.create(SourcePriority.NONE).decode(log, 0, log.length);
        profile.asOf(instant, asKnown);
        plan.compute(profile, state);
        Map<String, Double> features = new TreeMap<>();
        for (int feature = 0; feature < SET.size(); feature++) {
            features.put(SET.names().get(feature), reader.number(state, feature));
        }
        return features;
    }

    private static Map<String, Double> expected(List<LoggedEvent> visible, long instant) {
        List<Event> events = visible.stream().map(LoggedEvent::event).toList();
        Map<String, Double> expected = new TreeMap<>();
        double purchases = 0;
        double spend = 0;
        double units = 0;
        double decayed = 0;
        double returned = 0;
        double largest = Double.NaN;
        @Nullable Long last = null;
        List<String> products = new ArrayList<>();
        for (Event event : events) {
            int sign = event.type().equals("purchase") ? 1 : event.type().equals("return") ? -1 : 0;
            purchases += sign;
            spend += netted(event.value(), sign);
            units += netted(event.quantity(), sign);
            decayed += sign * Math.pow(2, -(instant - event.time()) / HALF_LIFE);
            returned += sign < 0 && !Double.isNaN(event.value()) ? event.value() : 0;
            if (sign > 0) {
                last = event.time();
                if (!Double.isNaN(event.value()) && !(largest >= event.value())) {
                    largest = event.value();
                }
            }
            if ((sign > 0 || event.type().equals("view"))
                    && event.product() != null
                    && !products.contains(event.product())) {
                products.add(event.product());
            }
        }
        expected.put("purchases", purchases);
        expected.put("spend", spend);
        expected.put("units", units);
        expected.put("decayed", decayed);
        expected.put("returned", returned);
        expected.put("both", (double) count(events, "purchase") + count(events, "return"));
        expected.put("views", (double) count(events, "view"));
        expected.put("products", (double) products.size());
        expected.put("last", last == null ? Double.NaN : (instant - last) / 86_400_000.0);
        expected.put("largest", largest);
        expected.put("changes", (double) count(events, "attributes"));
        return expected;
    }

    /** A return subtracts, whichever sign its shop gives it. */
    private static double netted(double x, int sign) {
        return sign == 0 || Double.isNaN(x) ? 0 : sign > 0 ? x : -Math.abs(x);
    }

    private static long count(List<Event> events, String type) {
        return events.stream().filter(event -> event.type().equals(type)).count();
    }
}
