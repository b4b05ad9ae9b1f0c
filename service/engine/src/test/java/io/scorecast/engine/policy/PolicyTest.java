package io.scorecast.engine.policy;

import static io.scorecast.engine.policy.Policies.DAY;
import static io.scorecast.engine.policy.Policies.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.model.Recommendation;
import io.scorecast.engine.problem.Problems;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What policies say of customers. */
class PolicyTest {

    private static final String FEATURES = """
            schema: 1
            features:
              - {name: days_since_purchase, kind: days_since_last, event: purchase}
              - {name: orders, kind: count, event: purchase}
              - {name: spend, kind: sum, field: value, event: purchase}
              - {name: last_category, kind: last_value, field: category, event: purchase}
              - {name: city, kind: attribute, path: address.city, encoding: text}
            attributes: {loyalty.tier: string, loyalty.points: number, member: boolean, fax-number: string}
            """;

    @TempDir
    private Path repository;

    private String design = "";

    @BeforeEach
    void read() throws Exception {
        try (InputStream in = PolicyTest.class.getResourceAsStream("design.yaml")) {
            design = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Policies.Asked ask(String yaml) {
        return new Policies.Asked(Policies.read(repository, yaml));
    }

    /** Whether a rule holds: as the only segment. */
    private boolean holds(String rule, Policies.Asked... customer) {
        Policies.Asked asked = customer.length == 0 ? rule(rule) : customer[0];
        return !asked.now().segments().isEmpty();
    }

    private Policies.Asked rule(String rule) {
        return ask(FEATURES + "segments: [{name: it, when: '" + rule.replace("'", "''") + "'}]\n");
    }

    private Policies.Asked shopper(String rule) {
        return rule(rule)
                .event("purchase", 3, "\"value\":10.5", "\"category\":\"grocery/tea\"")
                .event("purchase", 9, "\"value\":2", "\"category\":\"home\"")
                .attributes(
                        2,
                        "{\"loyalty\":{\"tier\":\"gold\",\"points\":120},\"member\":true,\"address\":{\"city\":\"Ulm\"},\"fax-number\":\"1\"}")
                .scores(0.65, 80);
    }

    // The design's example

    @Test
    void read_designsExample_isWhole() throws Exception {
        Policy policy = Policies.read(repository, design);
        assertThat(policy.version()).isEqualTo(4);
        assertThat(policy.checksum())
                .isEqualTo(Policies.sha256(Files.readAllBytes(repository.resolve("policy/4/SHA256SUMS"))));
        assertThat(policy.features().names())
                .containsExactly(
                        "days_since_purchase", "frequency", "opens_30d", "clicks_30d", "cart_open", "last_category");
        assertThat(policy.points()).containsExactly("engagement");
        assertThat(policy.segments()).containsExactly("loyal", "loyal/high-value", "abandoned-cart", "gold");
        assertThat(policy.decisions()).containsExactly("premium-offer", "standard");
        assertThat(policy.defaultDecision()).isEqualTo("standard");
        assertThat(policy.responses()).containsExactly("last_category");
    }

    @Test
    void evaluate_designsExample_forALoyalCustomer() {
        Policies.Asked customer = ask(design).scores(0.82, 412.5).event("email_click", 3);
        for (int day = 1; day <= 6; day++) {
            customer.event("purchase", day, "\"category\":\"coffee/beans\"").event("email_open", day);
        }
        PolicyResult result =
                customer.attributes(20, "{\"loyalty\":{\"tier\":\"gold\"}}").now();
        assertThat(result.points(0)).isEqualTo(30);
        assertThat(result.segments()).containsExactly("loyal", "loyal/high-value", "gold");
        assertThat(result.segment()).isEqualTo("gold");
        assertThat(result.decision()).isEqualTo("premium-offer");
        assertThat(result.response(0)).isEqualTo("coffee/beans");
        assertThat(result.recommendations()).singleElement().satisfies(change -> {
            assertThat(change.boost()).containsExactly(new Recommendation.Boost("coffee", 1.5));
            assertThat(change.exclude()).isEmpty();
            assertThat(change.excludeBoughtWithin()).isEqualTo(7 * DAY);
        });
    }

    @Test
    void evaluate_again_forgetsTheCustomerBefore() {
        Policy policy = Policies.read(repository, design);
        Policies.Asked one = new Policies.Asked(policy);
        for (int day = 1; day <= 6; day++) {
            one.event("purchase", day, "\"category\":\"coffee\"").event("email_open", day);
        }
        PolicyResult result = one.scores(0.9, 500).now();
        assertThat(result.segments()).hasSize(2);
        result = one.at(NOW - 5 * DAY - DAY / 2);
        assertThat(result.points(0)).isZero();
        assertThat(result.segments()).isEmpty();
        assertThat(result.segment()).isNull();
        assertThat(result.recommendations()).isEmpty();
        assertThat(result.decision()).isEqualTo("premium-offer");
        assertThat(one.scores(0.5, 500).now().decision()).isEqualTo("standard");
    }

    @Test
    void evaluate_allocatesNothingToSpeakOf() {
        Policies.Asked customer = ask(design)
                .scores(0.82, 412.5)
                .event("add_to_cart", 2)
                .attributes(20, "{\"loyalty\":{\"tier\":\"gold\"}}");
        for (int day = 3; day <= 9; day++) {
            customer.event("purchase", day, "\"category\":\"coffee\"").event("email_open", day);
        }
        customer.allocatedBy(20_000);
        assertThat(customer.allocatedBy(10_000) / 10_000).isLessThan(16);
    }

    // What rules see

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "orders == 2",
                "orders > 1.5 && spend == 12.5",
                "days_since_purchase >= 3 && days_since_purchase < 3.0001",
                "last_category == \"grocery/tea\"",
                "last_category.under(\"grocery\")",
                "city in [\"Ulm\", \"Bonn\"]",
                "loyalty.tier == \"gold\" && loyalty.points > 100",
                "member",
                "attributes[\"fax-number\"] == \"1\"",
                "p_redeem_30d == 0.65 && clv_90d == 80",
                "p_redeem_30d_band == \"high\" && p_redeem_30d_percentile == 65",
                "clv_90d_band in [\"high\", \"low\"]",
                "!missing(orders) && has(loyalty.tier)",
            })
    void rule_seesFeaturesAttributesAndOutputs(String rule) {
        assertThat(holds(rule, shopper(rule))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "days_since_purchase < 7 ~ false",
                "days_since_purchase >= 7 ~ false",
                "days_since_purchase != 7 ~ false",
                "!(days_since_purchase < 7) ~ false",
                "missing(days_since_purchase) ~ true",
                "days_since_purchase < 7 || orders == 0 ~ true",
                "days_since_purchase < 7 || orders == 1 ~ false",
                "loyalty.tier != \"gold\" ~ false",
                "!(loyalty.tier == \"gold\") ~ false",
                "missing(loyalty.tier) ~ true",
                "member ~ false",
                "!member ~ false",
                "missing(member) ~ true",
                "last_category != \"x\" ~ false",
                "missing(last_category) ~ true",
                "p_redeem_30d != 0.5 ~ false",
                "missing(p_redeem_30d) ~ true",
                "p_redeem_30d_band != \"low\" ~ false",
                "missing(p_redeem_30d_percentile) ~ true",
            })
    void rule_missing_doesNotFire(String rule, boolean expected) {
        assertThat(holds(rule, rule(rule).event("view", 1))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"loyalty.tier, 7", "loyalty.points, '\"120\"'", "member, 1", "loyalty.tier, true", "member, '\"true\"'"
    })
    void attribute_ofAnotherType_isMissing(String path, String json) {
        String nested = path.startsWith("loyalty.")
                ? "{\"loyalty\":{\"" + path.substring(8) + "\":" + json + "}}"
                : "{\"" + path + "\":" + json + "}";
        String rule = "missing(" + path + ")";
        assertThat(holds(rule, rule(rule).attributes(1, nested))).isTrue();
    }

    @Test
    void feature_isComparedBeforeAnyRounding() {
        // A float cannot tell a millisecond from 40 days; a double can.
        String rule = "days_since_purchase < 40";
        Policies.Asked customer = rule(rule).event("purchase", 40);
        assertThat(customer.at(NOW - 1).segments()).containsExactly("it");
        assertThat(customer.at(NOW).segments()).isEmpty();
    }

    // Points

    @Test
    void points_addUpAndAreRounded() {
        PolicyResult result =
                ask(FEATURES + """
                scores:
                  - name: joy
                    points: [{when: orders >= 1, add: 0.1}, {when: orders >= 2, add: 0.2}, {when: orders >= 3, add: 5}]
                  - {name: gloom, points: [{when: days_since_purchase > 1, add: -3}]}
                segments: [{name: joyful, when: joy == 0.3 && gloom == -3}]
                decisions: [{name: smile, when: joy > 0.2}, {name: frown}]
                """).event("purchase", 2).event("purchase", 3).now();
        assertThat(result.points(0)).isEqualTo(0.3);
        assertThat(result.points(1)).isEqualTo(-3);
        assertThat(result.segments()).containsExactly("joyful");
        assertThat(result.decision()).isEqualTo("smile");
    }

    // Segments

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            delimiter = '|',
            value = {
                "0 | '' | none",
                "1 | a | a",
                "2 | a,a/x | a/x",
                "3 | a,a/x,a/x/deep | a/x/deep",
                "4 | a,a/x,a/x/deep,a/y | a/y",
                "5 | a,a/x,a/x/deep,a/y,b | b",
            })
    void segment_isTheDeepestOfTheLastBranch(int orders, String segments, String segment) {
        Policies.Asked customer = ask(FEATURES + """
                segments:
                  - {name: a, when: orders >= 1}
                  - {name: a/x, when: orders >= 2}
                  - {name: a/x/deep, when: orders >= 3}
                  - {name: a/y, when: orders >= 4}
                  - {name: b, when: orders >= 5}
                """).event("view", 1);
        for (int i = 0; i < orders; i++) {
            customer.event("purchase", 1 + i);
        }
        PolicyResult result = customer.now();
        assertThat(String.join(",", result.segments())).isEqualTo(segments);
        assertThat(result.segment()).isEqualTo(segment);
    }

    @Test
    void segment_childWrittenFarFromItsParent_belongsToItsBranch() {
        PolicyResult result = ask(FEATURES + """
                segments:
                  - {name: a, when: orders >= 1}
                  - {name: b, when: orders >= 1}
                  - {name: a/x, when: orders >= 1}
                """).event("purchase", 1).now();
        assertThat(result.segments()).containsExactly("a", "b", "a/x");
        assertThat(result.segment()).isEqualTo("b");
    }

    @Test
    void segment_child_needsItsParent() {
        PolicyResult result = ask(FEATURES + """
                segments: [{name: a, when: orders > 5}, {name: a/x, when: orders > 0}, {name: a/x/y, when: orders > 0}]
                """).event("purchase", 1).now();
        assertThat(result.segments()).isEmpty();
    }

    // Decisions

    @ParameterizedTest
    @CsvSource({"0, none", "1, few", "3, many", "9, most"})
    void decision_isTheFirstThatHolds(int orders, String decision) {
        Policies.Asked customer = ask(FEATURES + """
                segments: [{name: some, when: orders > 0}, {name: lots, when: orders > 2}]
                decisions:
                  - {name: most, when: '"lots" in segments && orders > 8'}
                  - {name: many, when: '"lots" in segments'}
                  - {name: few, when: '"some" in segments'}
                  - {name: none}
                """).event("view", 1);
        for (int i = 0; i < orders; i++) {
            customer.event("purchase", 1 + i);
        }
        assertThat(customer.now().decision()).isEqualTo(decision);
    }

    @Test
    void decision_withoutDefault_maybeNone() {
        Policy policy = Policies.read(repository, FEATURES + "decisions: [{name: many, when: orders > 3}]\n");
        assertThat(policy.defaultDecision()).isNull();
        assertThat(new Policies.Asked(policy).event("view", 1).now().decision()).isNull();
    }

    @Test
    void decision_alwaysTrue_isTheDefault() {
        assertThat(Policies.read(repository, FEATURES + "decisions: [{name: all, when: 'true'}]\n")
                        .defaultDecision())
                .isEqualTo("all");
    }

    @Test
    void policy_ofNothing_saysNothing() {
        PolicyResult result = ask("schema: 1\n").event("view", 1).now();
        assertThat(result.segments()).isEmpty();
        assertThat(result.decision()).isNull();
        assertThat(result.turnsIn()).isInfinite();
    }

    // Recommend and respond

    @Test
    void recommend_changesOfTheRulesThatHold() {
        PolicyResult result = ask(FEATURES + """
                segments: [{name: buyer, when: orders > 0}]
                recommend:
                  - {exclude: [grocery/tea, p-9], boost: [{category: home, by: 2}, {category: toys, by: 0.5}]}
                  - {when: '"buyer" in segments', exclude_bought_within: 12h}
                  - {when: orders > 1, exclude: [never]}
                """).event("purchase", 1).now();
        assertThat(result.recommendations())
                .extracting(Recommendation::excludeBoughtWithin)
                .containsExactly(0L, DAY / 2);
        assertThat(result.recommendations().getFirst().exclude()).containsExactly("grocery/tea", "p-9");
        assertThat(result.recommendations().getFirst().boost())
                .containsExactly(new Recommendation.Boost("home", 2), new Recommendation.Boost("toys", 0.5));
    }

    @Test
    void respond_givesFeaturesAndAttributes() {
        Policies.Asked customer = ask(FEATURES
                        + "respond: {days: days_since_purchase, bought: orders, town: city, points: loyalty.points,"
                        + " card: member, tier: loyalty.tier, last_category: last_category, fax: fax-number}\n")
                .event("purchase", 3.123456789)
                .attributes(1, "{\"address\":{\"city\":\"Ulm\"},\"loyalty\":{\"points\":1234567.25},\"member\":false}");
        PolicyResult result = customer.now();
        assertThat(result.response(0)).isEqualTo(3.12346);
        assertThat(result.response(1)).isEqualTo(1.0);
        assertThat(result.response(2)).isEqualTo("Ulm");
        assertThat(result.response(3)).isEqualTo(1234567.25);
        assertThat(result.response(4)).isEqualTo(false);
        assertThat(result.response(5)).isNull();
        assertThat(result.response(6)).isNull();
        assertThat(result.response(7)).isNull();
    }

    // Time

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "segments: [{name: it, when: days_since_purchase < 7}] | 7",
                "segments: [{name: it, when: days_since_purchase > 6}, {name: it/late, when: days_since_purchase >= 7}] | 6",
                "segments: [{name: it, when: days_since_purchase > 2}, {name: it/late, when: days_since_purchase >= 7}] | 7",
                "decisions: [{name: a, when: days_since_purchase >= 7}, {name: b, when: days_since_purchase > 2}] | 7",
                "'scores: [{name: s, points: [{when: days_since_purchase >= 7, add: 1}]}]' | 7",
                "recommend: [{when: days_since_purchase >= 7, exclude: [x]}] | 7",
                "recommend: [{exclude_bought_within: 7d}] | 7",
                "recommend: [{exclude_bought_within: 7d}, {exclude_bought_within: 6d}] | 7",
            })
    void turnsIn_isNeverLateAndWithinASecond(String section, double days) {
        // The purchase is three days and a third old: days that no double holds exactly.
        long bought = NOW - 3 * DAY - DAY / 3;
        Policies.Asked customer = ask(FEATURES + section + "\n").event("purchase", 3 + 1 / 3.0);
        long turn = bought + Math.round(days * DAY);
        long told = customer.turnsAt(NOW);
        assertThat(told).isBetween(turn - 1000, turn);
        // Asked again a moment before, it still says so; and it is true on either side.
        assertThat(customer.turnsAt(turn - 2)).isBetween(turn - 2, turn);
    }

    @Test
    void turnsIn_rule_turnsThere() {
        Policies.Asked customer = ask(FEATURES + "segments: [{name: it, when: days_since_purchase < 7}]\n")
                .event("purchase", 3 + 1 / 3.0);
        long turn = NOW - 3 * DAY - DAY / 3 + 7 * DAY;
        assertThat(customer.at(turn - 1).segments()).containsExactly("it");
        assertThat(customer.at(turn).segments()).isEmpty();
        assertThat(customer.turnsAt(turn + 1)).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Passed long ago.
                "segments: [{name: it, when: days_since_purchase < 2}]",
                // The decision behind cannot be taken while the one before holds, which time does not turn.
                "decisions: [{name: a, when: orders > 0}, {name: b, when: days_since_purchase >= 7}]",
                // Nor a child whose parent does not hold.
                "segments: [{name: a, when: orders > 5}, {name: a/late, when: days_since_purchase >= 7}]",
                // What is only told flows all the time, as a score does.
                "respond: {days: days_since_purchase}",
                "recommend: [{when: orders > 5, exclude_bought_within: 7d}]",
            })
    void turnsIn_whereTimeChangesNothing_isInfinite(String section) {
        assertThat(ask(FEATURES + section + "\n").event("purchase", 3).turnsAt(NOW))
                .isEqualTo(Long.MAX_VALUE);
    }

    // Hashes

    @Test
    void read_changedFile_isRefused() throws Exception {
        Path folder = Policies.write(repository, design);
        Files.writeString(folder.resolve("policy.yaml"), design + "\n");
        Problems problems = new Problems();
        assertThat(Policy.read(folder, Policies.OUTPUTS, problems)).isNull();
        assertThat(problems.list()).singleElement().satisfies(problem -> {
            assertThat(problem.source()).isEqualTo("policy/4/policy.yaml");
            assertThat(problem.message()).contains("not the one that was exported");
        });
    }

    @Test
    void read_noFolderOrNoFile_isRefused() throws Exception {
        Problems problems = new Problems();
        assertThat(Policy.read(repository.resolve("policy/9"), Policies.OUTPUTS, problems))
                .isNull();
        Path folder = Policies.write(repository, design);
        Files.delete(folder.resolve("policy.yaml"));
        assertThat(Policy.read(folder, Policies.OUTPUTS, problems)).isNull();
        assertThat(problems.list().toString()).contains("no such folder").contains("no file 'policy.yaml'");
    }
}
