package io.scorecast.server.cli;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.feature.FeaturePlan;
import io.scorecast.engine.feature.FeatureReader;
import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.feature.FeatureType;
import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.ProfileDecoder;
import io.scorecast.engine.profile.SourcePriority;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Computes the features of customers as of instants, by the plan that scoring uses. Safe for many threads: each call
 * borrows a decoder and a state.
 */
final class FeatureComputation {

    private final FeatureColumns columns;
    private final FeaturePlan plan;
    private final FeatureReader reader;
    private final int[] texts;
    private final long[] instants;
    private final boolean asKnown;
    private final BlockingQueue<Tools> idle = new LinkedBlockingQueue<>();

    FeatureComputation(FeatureSet set, FeatureColumns columns, List<Long> instants, boolean asKnown) {
        this.columns = columns;
        this.plan = FeaturePlan.of(List.of(set));
        this.reader = plan.reader(set);
        this.texts = textFeatures(set);
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

    /** A row for each customer and instant at which there is an event to be seen. */
    FeatureRows rows(List<CustomerId> customers, CustomerLogs logs) {
        Tools tools = idle.poll();
        if (tools == null) {
            tools = new Tools(ProfileDecoder.create(SourcePriority.NONE), plan.newState());
        }
        try {
            return rows(customers, logs, tools);
        } finally {
            idle.add(tools);
        }
    }

    private FeatureRows rows(List<CustomerId> customers, CustomerLogs logs, Tools tools) {
        FeatureRows rows = new FeatureRows(customers.size() * instants.length, columns);
        for (CustomerId customer : customers) {
            CustomerLogs.Log log = logs.of(customer);
            Profile profile = tools.decoder.decode(log.bytes(), 0, log.length());
            for (long instant : instants) {
                profile.asOf(instant, asKnown);
                if (profile.size() > 0) {
                    plan.compute(profile, tools.state);
                    int row = rows.add(customer, instant);
                    reader.write(tools.state, rows.numbers(), rows.offset(row));
                    for (int i = 0; i < texts.length; i++) {
                        rows.setText(row, i, reader.text(tools.state, texts[i]));
                    }
                }
            }
        }
        return rows;
    }

    private record Tools(ProfileDecoder decoder, FeaturePlan.State state) {}
}
