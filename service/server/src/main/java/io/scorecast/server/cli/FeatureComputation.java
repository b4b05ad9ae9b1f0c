package io.scorecast.server.cli;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.feature.FeaturePlan;
import io.scorecast.engine.feature.FeatureReader;
import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.feature.FeatureType;
import io.scorecast.engine.pair.PairPlan;
import io.scorecast.engine.pair.PairSet;
import io.scorecast.engine.pair.Pairs;
import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.ProfileDecoder;
import io.scorecast.engine.profile.SourcePriority;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Computes the features of customers as of instants, by the plan that scoring uses. Safe for many threads: each call
 * borrows a decoder and a state.
 */
final class FeatureComputation {

    private final FeatureColumns columns;
    private final FeaturePlan plan;
    private final FeatureReader reader;
    private final int[] texts;
    private final @Nullable PairSet pairs;
    private final @Nullable PairPlan pairPlan;
    private final long[] instants;
    private final boolean asKnown;
    private final BlockingQueue<Tools> idle = new LinkedBlockingQueue<>();

    /** @param pairs null if a row is a customer */
    FeatureComputation(
            FeatureSet set, @Nullable PairSet pairs, FeatureColumns columns, List<Long> instants, boolean asKnown) {
        this.columns = columns;
        this.plan = FeaturePlan.of(List.of(set));
        this.reader = plan.reader(set);
        this.texts = textFeatures(set);
        this.pairs = pairs;
        this.pairPlan = pairs == null ? null : new PairPlan(pairs, numbers(set, pairs), set, plan);
        this.instants = instants.stream().mapToLong(Long::longValue).toArray();
        this.asKnown = asKnown;
    }

    private static int[] textFeatures(FeatureSet set) {
        int[] texts = new int[set.size()];
        int count = 0;
        for (int feature = 0; feature < set.size(); feature++) {
            if (set.type(feature) == FeatureType.TEXT) {
                texts[count++] = feature;
            }
        }
        return Arrays.copyOf(texts, count);
    }

    private static List<String> numbers(FeatureSet set, PairSet pairs) {
        List<String> names = new ArrayList<>(pairs.names());
        for (int feature = 0; feature < set.size(); feature++) {
            if (set.type(feature) != FeatureType.TEXT) {
                names.add(set.names().get(feature));
            }
        }
        return names;
    }

    /** A row, or one for each candidate, for each customer and instant at which there is an event to be seen. */
    FeatureRows rows(List<CustomerLog> logs) {
        Tools tools = idle.poll();
        if (tools == null) {
            tools = new Tools(
                    ProfileDecoder.create(SourcePriority.NONE),
                    plan.newState(),
                    pairPlan == null ? null : new PairTools(pairPlan.newState(), pairPlan.newPairs()));
        }
        try {
            return rows(logs, tools);
        } finally {
            idle.add(tools);
        }
    }

    private FeatureRows rows(List<CustomerLog> logs, Tools tools) {
        FeatureRows rows = new FeatureRows(logs.size() * instants.length, columns);
        for (CustomerLog log : logs) {
            CustomerId customer = log.customer();
            Profile profile = tools.decoder.decode(log.bytes(), 0, log.bytes().length);
            for (long instant : instants) {
                profile.asOf(instant, asKnown);
                if (profile.size() > 0) {
                    plan.compute(profile, tools.state);
                    if (pairs != null && tools.ofPairs != null) {
                        tools.ofPairs.state.compute(profile, tools.state, tools.ofPairs.found);
                        add(customer, instant, tools, pairs, tools.ofPairs.found, rows);
                    } else {
                        int row = rows.add(customer, instant);
                        reader.write(tools.state, rows.numbers(), rows.offset(row));
                        texts(tools, rows, row, 0);
                    }
                }
            }
        }
        return rows;
    }

    private void add(CustomerId customer, long instant, Tools tools, PairSet set, Pairs found, FeatureRows rows) {
        rows.reserve(found.size());
        found.copyTo(rows.numbers(), rows.offset(rows.count()));
        for (int list = 0; list < set.listNames().size(); list++) {
            for (int pair = found.first(list); pair < found.last(list); pair++) {
                int row = rows.add(customer, instant);
                rows.setText(row, 0, set.listNames().get(list));
                rows.setText(row, 1, set.id(list, found.item(pair)));
                texts(tools, rows, row, PairSet.RESERVED.size());
            }
        }
    }

    private void texts(Tools tools, FeatureRows rows, int row, int first) {
        for (int i = 0; i < texts.length; i++) {
            rows.setText(row, first + i, reader.text(tools.state, texts[i]));
        }
    }

    private record Tools(
            ProfileDecoder decoder,
            FeaturePlan.State state,
            @Nullable PairTools ofPairs) {}

    private record PairTools(PairPlan.State state, Pairs found) {}
}
