package io.scorecast.loadtest;

import io.scorecast.engine.model.Checksums;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** The models of the audience benchmark: twice 300 trees of depth 6 over 40 features, and a policy over both. */
final class AudienceModels {

    private static final String POLICY = """
            schema: 1
            features:
              - {name: days_since_purchase, kind: days_since_last, event: purchase}
              - {name: frequency, kind: frequency}
              - {name: opens_90d, kind: count, event: email_open, window: 90d}
              - {name: cart_open, kind: days_since_last, event: add_to_cart, unless: purchase}
              - {name: last_category, kind: last_value, field: category, event: purchase}
            scores:
              - name: engagement
                points: [{when: opens_90d >= 1, add: 10}, {when: opens_90d > 2, add: 20}]
            segments:
              - {name: loyal, when: frequency >= 8}
              - {name: loyal/valuable, when: p_second > 0.6 && p_first > 0.5}
              - {name: abandoned-cart, when: cart_open >= 1 && cart_open < 14}
              - {name: lapsed, when: days_since_purchase >= 60}
            decisions:
              - {name: finish-your-cart, when: '"abandoned-cart" in segments'}
              - {name: thank-you, when: '"loyal/valuable" in segments'}
              - {name: win-back, when: '"lapsed" in segments'}
              - {name: standard}
            respond: {last_category: last_category}
            """;

    private AudienceModels() {}

    /** Writes the trees, the features they read, and the policy; returns the arguments that import the models. */
    static List<List<String>> write(Path folder, Path models) throws IOException {
        Path trees = folder.resolve("trees.ubj");
        try {
            Files.write(trees, MadeUpTrees.train().toByteArray("ubj"));
        } catch (XGBoostError e) {
            throw new IllegalStateException(e);
        }
        Path features = Files.write(folder.resolve("features.yaml"), features());
        Path version = Files.createDirectories(models.resolve("policy/1"));
        Files.writeString(version.resolve("policy.yaml"), POLICY);
        Checksums.write(version);
        List<List<String>> imports = new ArrayList<>();
        for (String name : List.of("first", "second")) {
            imports.add(List.of(
                    "model",
                    "import",
                    trees.toString(),
                    "--features",
                    features.toString(),
                    "--name",
                    name,
                    "--output",
                    "p_" + name,
                    "--models",
                    models.toString()));
        }
        return imports;
    }

    /** Forty, of the kinds that models of customers read. */
    private static List<String> features() {
        List<String> lines = new ArrayList<>();
        lines.add("features:");
        for (String type : List.of("purchase", "view", "add_to_cart", "email_open")) {
            for (int days : new int[] {30, 90, 365}) {
                add(lines, type + "_" + days + "d", "count, event: " + type + ", window: " + days + "d");
            }
            add(lines, type + "_since", "days_since_last, event: " + type);
        }
        for (int days : new int[] {7, 30, 90, 180, 365}) {
            add(lines, "spend_" + days + "d", "sum, field: value, event: purchase, window: " + days + "d");
        }
        for (int days : new int[] {7, 30, 90}) {
            add(lines, "decayed_" + days, "decayed_count, event: purchase, half_life: " + days + "d");
            add(lines, "decayed_spend_" + days, "decayed_sum, field: value, event: purchase, half_life: " + days + "d");
            add(lines, "orders_" + days + "d", "count, event: purchase, per: order, window: " + days + "d");
        }
        add(lines, "value_mean", "mean, field: value, event: purchase");
        add(lines, "value_std", "std, field: value, event: purchase");
        add(lines, "value_max", "max, field: value, event: purchase");
        add(lines, "gap_mean", "gap_mean, event: purchase, per: day");
        add(lines, "products", "distinct, field: product_id, event: purchase");
        add(lines, "categories", "distinct, field: category, event: purchase");
        add(lines, "frequency", "frequency");
        add(lines, "recency", "recency");
        add(lines, "age", "T");
        add(lines, "monetary_value", "monetary_value");
        if (lines.size() != MadeUpTrees.WIDTH + 1) {
            throw new IllegalStateException(lines.size() - 1 + " features");
        }
        return lines;
    }

    private static void add(List<String> lines, String name, String definition) {
        lines.add("  - {name: " + name + ", kind: " + definition + "}");
    }
}
