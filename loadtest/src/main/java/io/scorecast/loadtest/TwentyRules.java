package io.scorecast.loadtest;

import io.scorecast.engine.model.Checksums;
import io.scorecast.engine.policy.Policy;
import io.scorecast.engine.problem.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A policy of twenty rules over features, as a marketer would write them: five add points, ten are segments, five decide. */
final class TwentyRules {

    /** No model's output is among their variables. */
    static final double[] NO_SCORES = {};

    static final int[] NONE = {};

    private static final String TEXT = """
            schema: 1
            features:
              - {name: days_since_purchase, kind: days_since_last, event: purchase}
              - {name: days_as_customer, kind: days_since_first, event: purchase}
              - {name: orders_90d, kind: count, event: purchase, per: order, window: 90d}
              - {name: spend_365d, kind: sum, field: value, event: purchase, window: 365d}
              - {name: redemptions_180d, kind: count, event: coupon_redemption, window: 180d}
            scores:
              - name: engagement
                points:
                  - {when: orders_90d >= 1, add: 10}
                  - {when: orders_90d >= 6, add: 10}
                  - {when: redemptions_180d >= 1, add: 30}
                  - {when: spend_365d >= 500, add: 20}
                  - {when: days_since_purchase < 14, add: 5}
            segments:
              - {name: prospect, when: missing(days_since_purchase)}
              - {name: new, when: days_as_customer < 30}
              - {name: lapsed, when: days_as_customer >= 30 && days_since_purchase >= 60}
              - {name: active, when: days_as_customer >= 30 && days_since_purchase < 60 && orders_90d < 12}
              - {name: loyal, when: days_as_customer >= 30 && days_since_purchase < 60 && orders_90d >= 12}
              - {name: loyal/top, when: spend_365d >= 1000}
              - {name: coupons, when: redemptions_180d >= 1}
              - {name: coupons/many, when: redemptions_180d >= 4}
              - {name: small, when: spend_365d < 100}
              - {name: large, when: spend_365d >= 2000 && orders_90d >= 3}
            decisions:
              - {name: welcome, when: '"new" in segments'}
              - {name: win-back, when: '"lapsed" in segments && spend_365d >= 500'}
              - {name: thank-you, when: '"loyal/top" in segments && engagement >= 40'}
              - {name: booklet, when: redemptions_180d >= 1}
              - {name: buy-again}
            """;

    private TwentyRules() {}

    static Policy read() {
        try {
            Path folder = Files.createTempDirectory("rules");
            try {
                Path version = Files.createDirectories(folder.resolve("policy/1"));
                Files.writeString(version.resolve("policy.yaml"), TEXT);
                Checksums.write(version);
                Problems problems = new Problems();
                @Nullable Policy policy = Policy.read(version, List.of(), problems);
                problems.throwIfAny();
                if (policy == null) {
                    throw new IllegalStateException("no policy and no problem");
                }
                return policy;
            } finally {
                AlternatingVersions.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
