package io.scorecast.engine.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PredictionJsonTest {

    private static final PredictionSchema SCHEMA = new PredictionSchema(
            List.of(
                    new PredictionSchema.Score("p_redeem_30d", "propensity", List.of("low", "high"), true),
                    new PredictionSchema.Score("clv_90d", "clv", List.of(), false)),
            List.of(
                    new PredictionSchema.Items("items", "next-product", 2),
                    new PredictionSchema.Items("discover", "next-product", 1)),
            List.of("engagement"),
            versions());

    private static Map<String, Integer> versions() {
        Map<String, Integer> versions = new LinkedHashMap<>();
        versions.put("propensity", 3);
        versions.put("policy", 4);
        return versions;
    }

    private static Prediction prediction(Reason reason, double clv) {
        ItemList items = new ItemList(
                List.of(
                        new Item("p-9", "", "Oat \"milk\"", "https://s/9", "https://s/9.png", 3.49),
                        Item.of("p-3"),
                        Item.of("p-4")),
                List.of(0.214, 0.107, 0.1));
        return new Prediction(
                SCHEMA,
                "c-17",
                reason,
                1_795_366_800_000L,
                37,
                List.of(new Prediction.Score(0.8312, 1, 91), new Prediction.Score(clv, -1, -1)),
                List.of(items, items),
                List.of(30.0),
                List.of("loyal", "loyal/high-value"),
                "loyal/high-value",
                "premium-offer",
                Map.of("last_category", "coffee"),
                List.of(),
                Long.MAX_VALUE);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void encode_personal_hasEveryFieldAndNoNull() {
        assertThat(text(new PredictionJson(SCHEMA).encode(prediction(null, 412.5), null, Integer.MAX_VALUE)))
                .isEqualTo("{\"customer_id\":\"c-17\",\"personalized\":true,"
                        + "\"p_redeem_30d\":0.8312,\"p_redeem_30d_band\":\"high\",\"p_redeem_30d_percentile\":91,"
                        + "\"clv_90d\":412.5,\"engagement\":30,"
                        + "\"segments\":[\"loyal\",\"loyal/high-value\"],\"segment\":\"loyal/high-value\","
                        + "\"decision\":\"premium-offer\","
                        + "\"items\":[{\"id\":\"p-9\",\"score\":0.214,\"title\":\"Oat \\\"milk\\\"\",\"url\":\"https://s/9\",\"image\":\"https://s/9.png\",\"price\":3.49},{\"id\":\"p-3\",\"score\":0.107}],"
                        + "\"item_1_id\":\"p-9\",\"item_1_score\":0.214,\"item_1_title\":\"Oat \\\"milk\\\"\",\"item_1_url\":\"https://s/9\",\"item_1_image\":\"https://s/9.png\",\"item_1_price\":3.49,"
                        + "\"item_2_id\":\"p-3\",\"item_2_score\":0.107,"
                        + "\"discover\":[{\"id\":\"p-9\",\"score\":0.214,\"title\":\"Oat \\\"milk\\\"\",\"url\":\"https://s/9\",\"image\":\"https://s/9.png\",\"price\":3.49}],"
                        + "\"discover_1_id\":\"p-9\",\"discover_1_score\":0.214,\"discover_1_title\":\"Oat \\\"milk\\\"\",\"discover_1_url\":\"https://s/9\",\"discover_1_image\":\"https://s/9.png\",\"discover_1_price\":3.49,"
                        + "\"last_category\":\"coffee\","
                        + "\"versions\":{\"propensity\":3,\"policy\":4},"
                        + "\"as_of\":\"2026-11-22T17:00:00Z\",\"profile_events\":37}");
    }

    @Test
    void encode_someModelsAndLimit_leavesOutTheOthers() {
        assertThat(text(new PredictionJson(SCHEMA).encode(prediction(null, 412.5), Set.of("clv"), 1)))
                .contains("\"clv_90d\":412.5")
                .doesNotContain("p_redeem_30d", "items", "discover");
        assertThat(text(new PredictionJson(SCHEMA).encode(prediction(null, 412.5), Set.of("next-product"), 1)))
                .contains("item_1_id")
                .doesNotContain("item_2_id", "clv_90d");
    }

    @Test
    void encode_fallback_saysWhy() {
        assertThat(text(new PredictionJson(SCHEMA).encode(prediction(Reason.TIMEOUT, Double.NaN), null, 0)))
                .startsWith("{\"customer_id\":\"c-17\",\"personalized\":false,\"reason\":\"timeout\",")
                .contains("\"items\":[]")
                .doesNotContain("clv_90d", "item_1_id", "null");
    }
}
