package io.scorecast.engine.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.problem.Problem;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused, with what words, and where. */
class PolicyRefusalTest {

    private static final String HEAD = """
            schema: 1
            features:
              - {name: frequency, kind: frequency}
              - {name: orders_30d, kind: count, event: purchase, window: 30d}
              - {name: tastes, kind: affinity, vocabulary: [tea, coffee]}
            attributes: {loyalty.tier: string, member: boolean}
            """;

    @TempDir
    private Path repository;

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                // Keys and types
                "segmnts: [] ~ no key 'segmnts'; did you mean 'segments'?",
                "segments: {name: a} ~ expected a list, found a mapping",
                "segments: [a] ~ expected a mapping (key: value), found 'a'",
                "segments: [{name: a}] ~ 'when' is missing",
                "segments: [{when: orders_30d > 1}] ~ 'name' is missing",
                "segments: [{name: A|b, when: orders_30d > 1}] ~ a segment's name matches",
                "segments: [{name: a, when: [x]}] ~ expected an expression, found a list",
                "segments: [{name: a, when: }] ~ expected an expression, found nothing",
                "decisions: [{name: a/b}] ~ a decision's name matches",
                "decisions: [{name: a, if: orders_30d > 1}] ~ no key 'if'",
                "scores: [{name: joy}] ~ 'points' is missing",
                "scores: [{name: joy, points: []}] ~ at least one rule",
                "scores: [{name: Joy, points: [{when: orders_30d > 1, add: 1}]}] ~ a score's name matches",
                "scores: [{name: joy, points: [{when: orders_30d > 1, add: x}]}] ~ expected a number, found 'x'",
                "scores: [{name: joy, points: [{when: orders_30d > 1}]}] ~ 'add' is missing",
                "scores: [{name: joy, points: [{add: 1}]}] ~ 'when' is missing",
                "recommend: [{when: orders_30d > 1}] ~ needs boost, exclude, exclude_bought_within or most_per_category",
                "recommend: [{boost: {category: x, by: 0}}] ~ multiplies scores by a positive number",
                "recommend: [{boost: {category: x}}] ~ 'by' is missing",
                "recommend: [{boost: tea}] ~ expected {category: …, by: …}",
                "recommend: [{boost: []}] ~ the list is empty",
                "recommend: [{exclude: tea}] ~ expected a list, found 'tea'",
                "recommend: [{exclude: []}] ~ the list is empty",
                "recommend: [{exclude: [tea/]}] ~ expected a category path",
                "recommend: [{exclude_bought_within: 7}] ~ expected a span of time",
                "respond: [frequency] ~ expected a mapping",
                "respond: {x: frequenzy} ~ no feature or attribute 'frequenzy'; did you mean 'frequency'?",
                "respond: {x: clv_90d} ~ stands in the answer anyway",
                "respond: {x: tastes} ~ a feature of several numbers",
                // Names that are taken
                "segments: [{name: a, when: orders_30d > 1}, {name: a, when: frequency > 1}] ~ the segment 'a' is already defined in line 7",
                "decisions: [{name: a, when: orders_30d > 1}, {name: a}] ~ the decision 'a' is already defined in line 7",
                "scores: [{name: clv_90d, points: [{when: orders_30d > 1, add: 1}]}] ~ already written by the output 'clv_90d' of a model",
                "scores: [{name: clv_90d_band, points: [{when: orders_30d > 1, add: 1}]}] ~ already written by the output 'clv_90d'",
                "scores: [{name: decision, points: [{when: orders_30d > 1, add: 1}]}] ~ 'decision' is a field of the answer itself",
                "scores: [{name: frequency, points: [{when: orders_30d > 1, add: 1}]}] ~ 'frequency' is already a feature",
                "respond: {segment: frequency} ~ 'segment' is a field of the answer itself",
                "respond: {Bad-Name: frequency} ~ a field of the answer begins with a-z",
                "respond: {p_redeem_30d_percentile: frequency} ~ already written by the output 'p_redeem_30d'",
                // Rules
                "segments: [{name: a, when: orders_3d > 1}] ~ no name 'orders_3d'; did you mean 'orders_30d'?",
                "segments: [{name: a, when: p_buy_30d > 0.5}] ~ no name 'p_buy_30d'",
                "segments: [{name: a, when: clv_90d_percentile > 50}] ~ no name 'clv_90d_percentile'",
                "segments: [{name: a, when: tastes > 1}] ~ no name 'tastes'",
                "segments: [{name: a, when: loyalty.teir == \"gold\"}] ~ no name 'loyalty.teir'; did you mean 'loyalty.tier'?",
                "segments: [{name: a, when: loyalty.tier > 3}] ~ expected a number, found a text",
                "segments: [{name: a, when: member == \"yes\"}] ~ cannot compare true or false with a text",
                "segments: [{name: a, when: frequency}] ~ expected true or false, found a number",
                "segments: [{name: a, when: frequency >}] ~ this is no CEL expression",
                "segments: [{name: a, when: clv_90d_band == \"hihg\"}] ~ no band 'hihg'; did you mean 'high'? known: [low, medium, high]",
                "segments: [{name: a, when: 'clv_90d_band in [\"low\", \"middle\"]'}] ~ no band 'middle'; known: [low, medium, high]",
                "segments: [{name: a, when: '\"b\" in segments'}] ~ no name 'segments'",
                "scores: [{name: joy, points: [{when: joy > 1, add: 1}]}] ~ no name 'joy'",
                "decisions: [{name: a, when: '\"lojal\" in segments'}] ~ no segment 'lojal'",
                // Dead rules
                "segments: [{name: a, when: 'false'}] ~ this rule can never hold: 'false'",
                "segments: [{name: a, when: 1 > 2}] ~ this rule can never hold",
                "segments: [{name: a, when: frequency > 5 && frequency < 3}] ~ this rule can never hold: 'frequency > 5 && frequency < 3'",
                "scores: [{name: joy, points: [{when: frequency > 5 && frequency < 3, add: 1}]}] ~ can never hold",
                "recommend: [{when: clv_90d > 5 && clv_90d <= 5, exclude: [tea]}] ~ can never hold",
                "segments: [{name: a, when: frequency > 5}, {name: a/b, when: frequency < 3}] ~ can never hold where 'a' does",
                "segments: [{name: a/b, when: frequency > 5}] ~ 'a/b' must stand below 'a' in the file: no segment 'a'",
                "segments: [{name: a/b, when: frequency > 5}, {name: a, when: frequency > 1}] ~ must stand below 'a'",
                // Decisions that nobody gets
                "decisions: [{name: a}, {name: b, when: frequency > 5}] ~ 'b' is never taken: 'a' in line 7 comes first and holds always",
                "decisions: [{name: a, when: 1 < 2}, {name: b}] ~ 'a' in line 7 comes first and holds always",
                "decisions: [{name: a, when: frequency>5}, {name: b, when: frequency > 5.0}] ~ comes first and has the same rule",
                "decisions: [{name: a, when: frequency > 5}, {name: b, when: member && frequency > 5}] ~ comes first and holds wherever this one does",
            })
    void policy_wrong_saysWhat(String section, String message) {
        List<Problem> problems = Policies.refusals(repository, HEAD + section + "\n");
        assertThat(problems).as("one cause, one problem").hasSize(1);
        assertThat(problems.getFirst().message()).contains(message);
        assertThat(problems.getFirst().source()).isEqualTo("policy/4/policy.yaml");
        assertThat(problems.getFirst().line()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "schema: 2 ~ expected a whole number from 1 to 1, found '2'",
                "features: [] ~ 'schema' is missing",
                "[] ~ expected a mapping",
                "'' ~ expected a mapping",
                "{schema: 1, features: [{name: a, kind: cuont}]} ~ no kind 'cuont'; did you mean 'count'?",
                "{schema: 1, features: [{name: a, kind: count}, {name: a, kind: count}]} ~ the feature 'a' is already defined",
                "{schema: 1, features: [{name: clv_90d, kind: count}]} ~ 'clv_90d' is already the output 'clv_90d' of a model",
                "{schema: 1, features: [{name: segments, kind: count}]} ~ 'segments' is already a word of the rules",
                "{schema: 1, features: [{name: a, kind: count}], attributes: {a: number}} ~ 'a' is already a feature",
                "{schema: 1, attributes: {tier: text}} ~ no type 'text'; known: [string, number, boolean]",
                "{schema: 1, attributes: {tier: strng}} ~ no type 'strng'; did you mean 'string'?",
                "{schema: 1, attributes: {loyalty..tier: string}} ~ names joined by dots",
                "{schema: 1, attributes: {tier: string, tier: number}} ~ 'tier' is given twice",
                "{schema: 1, segments: [{name: a, whn: 1 < 2}]} ~ no key 'whn'; did you mean 'when'?",
                "{schema: 1, recommend: [{boost: {categry: x, by: 2}}]} ~ no key 'categry'; did you mean 'category'?",
                "{schema: 1, schema: 1} ~ 'schema' is given twice",
            })
    void policy_wrongFromItsHead_saysWhat(String yaml, String message) {
        List<Problem> problems = Policies.refusals(repository, yaml + "\n");
        assertThat(problems.getFirst().message()).contains(message);
        assertThat(problems.getFirst().line()).isEqualTo(1);
    }

    @Test
    void rule_unknownName_hasLineColumnAndCaret() {
        List<Problem> problems = Policies.refusals(
                repository, HEAD + "segments:\n  - {name: a, when: orders_30d > 1 && clv_90 > 250}\n");
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.line()).isEqualTo(8);
            assertThat(problem.column()).isEqualTo("  - {name: a, when: orders_30d > 1 && ".length() + 1);
            assertThat(problem.message()).startsWith("no name 'clv_90'; did you mean 'clv_90d'? known: [");
            String[] snippet = problem.snippet().split("\n", -1);
            assertThat(snippet[0].strip()).isEqualTo("- {name: a, when: orders_30d > 1 && clv_90 > 250}");
            assertThat(snippet[0].substring(snippet[1].indexOf('^'))).startsWith("clv_90 > 250");
        });
    }

    @Test
    void policy_withManyMistakes_saysThemAll() {
        List<Problem> problems = Policies.refusals(repository, """
                schema: 1
                features: [{name: a, kind: cuont}, {name: b, kind: count}]
                attributes: {tier: txt}
                scores: [{name: joy, points: [{when: a > 1 && c > 1, add: 1}]}]
                segments: [{name: x, when: b > }, {name: y, when: joy > 1}]
                decisions: [{name: d, when: '"z" in segments'}, {name: e}, {name: f}]
                recommend: [{when: '"x" in segments'}]
                respond: {decision: b}
                """);
        assertThat(problems).extracting(Problem::line).containsExactly(2, 3, 4, 5, 6, 6, 7, 8);
    }
}
