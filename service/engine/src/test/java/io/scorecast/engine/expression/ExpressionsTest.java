package io.scorecast.engine.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.YamlNode;
import io.scorecast.engine.profile.Truth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionsTest {

    private final Scope scope = new Scope();
    private final Values values = new Values();
    private final Problems problems = new Problems();

    ExpressionsTest() {
        values.numbers.put(scope.number("orders"), 4.0);
        values.numbers.put(scope.number("spend"), 12.5);
        values.numbers.put(scope.number("unknown"), Double.NaN);
        int days = scope.number("days");
        values.numbers.put(days, 10.0);
        values.slopes.put(days, 1.0);
        values.texts.put(scope.text("category"), "grocery/dairy/milk");
        scope.text("nothing");
        values.truths.put(scope.truth("member"), Truth.YES);
        scope.list("segments");
        scope.open("attributes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "orders > 3 ~ YES",
                "orders >= 4.0 && spend < 13 ~ YES",
                "orders > 4 || spend == 12.5 ~ YES",
                "1 / 2 == 0.5 ~ YES",
                "-orders < 0 ~ YES",
                "orders in [1, 4] ~ YES",
                "orders % 3 == 1 ~ YES",
                "unknown > 3 ~ MISSING",
                "!(unknown > 3) ~ MISSING",
                "unknown != 3 ~ MISSING",
                "unknown > 3 && orders < 0 ~ NO",
                "unknown > 3 || orders > 0 ~ YES",
                "unknown > 3 && orders > 0 ~ MISSING",
                "missing(unknown) ~ YES",
                "missing(orders) ~ NO",
                "missing(nothing) && missing(attributes.a.b) ~ YES",
                "category.under(\"grocery/dairy\") ~ YES",
                "category.under(\"grocery/dai\") ~ NO",
                "category.startsWith(\"groc\") && category.endsWith(\"milk\") && category.contains(\"dairy\") ~ YES",
                "category.matches(\"^gro.*milk$\") ~ YES",
                "category in [\"a\", \"b\"] ~ NO",
                "category != \"x\" ~ YES",
                "nothing == \"x\" ~ MISSING",
                "nothing.under(\"x\") ~ MISSING",
                "member ~ YES",
                "!member ~ NO",
                "member == true ~ YES",
                "member ? orders == 4 : spend == 0 ~ YES",
                "\"loyal\" in segments ~ YES",
                "\"new\" in segments ~ NO",
                "attributes.store == \"s1\" ~ YES",
                "attributes[\"store\"] == \"s1\" ~ YES",
                "attributes.points >= 5 ~ YES",
                "has(attributes.points) ~ YES",
                "attributes.nowhere == 3 ~ MISSING",
                "abs(-3.0) == 3 && max(orders, spend) == 12.5 && math.floor(spend) == 12 ~ YES",
                "round(2.5) == 3 && round(-2.5) == -3 && ceil(2.1) == 3 ~ YES",
                "ln(0) < 1 ~ MISSING",
            })
    void condition_isThreeValued(String text, Truth expected) {
        Condition condition = compile(text);
        scope.paths().forEach((path, slot) -> {
            values.texts.put(slot, path.equals("attributes.store") ? "s1" : null);
            values.numbers.put(slot, path.equals("attributes.points") ? 5 : Double.NaN);
        });
        assertThat(condition.test(values)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "orders * 2 + 1, 9",
        "orders > 3 ? spend : -orders, 12.5",
        "orders > 4 ? spend : -orders, -4",
        "'pow(orders, 2)', 16",
        "ln(exp(1.5)), 1.5",
        "log1p(0.0) + sqrt(orders), 2",
        "spend / 0.0, NaN",
        "unknown + 1, NaN",
        "unknown > 1 ? 2.0 : 3.0, NaN",
    })
    void number_isComputedInDoubles(String text, double expected) {
        NumberExpression expression = Expressions.number(node(text), scope);
        assertThat(problems.list()).isEmpty();
        assertThat(Objects.requireNonNull(expression).value(values)).isEqualTo(expected, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "order > 3 ~ did you mean 'orders'?",
                "orders > \"3\" ~ expected a number, found a text",
                "orders && member ~ expected true or false, found a number",
                "category == 3 ~ cannot compare a text with a number",
                "orders > ~ no CEL expression",
                "lnn(orders) > 1 ~ did you mean 'ln'?",
                "ln(orders, 1) > 1 ~ takes 1 operands",
                "category.undr(\"x\") ~ no function 'undr'",
                "category.under(orders) ~ one text in quotes",
                "category.matches(\"(\") ~ no RE2 pattern",
                "orders in 3 ~ expected a list",
                "orders in [1, \"a\"] ~ only numbers or only texts",
                "orders == null ~ use missing(x)",
                "attributes.a == attributes.b ~ cannot be known",
                "orders ~ expected true or false",
                "[1].all(x, x > 0) ~ no function 'all'",
            })
    void condition_wrong_saysWhatAndWhere(String text, String message) {
        assertThat(Expressions.condition(node(text), scope)).isNull();
        assertThat(problems.list()).anySatisfy(p -> assertThat(p.message()).contains(message));
    }

    @Test
    void problem_inAQuotedScalar_pointsAtTheCharacter() {
        YamlNode root = YamlNode.parse("p.yaml", "a: 1\nwhen: 'spend > 1 && order > 3'\n", problems);
        Expressions.condition(
                Objects.requireNonNull(Objects.requireNonNull(root).get("when")), scope);
        Problem problem = problems.list().getFirst();
        assertThat(problem.line()).isEqualTo(2);
        assertThat(problem.column()).isEqualTo("when: 'spend > 1 && ".length() + 1);
    }

    @Test
    void problem_inAFoldedScalar_pointsAtTheLine() {
        YamlNode root = YamlNode.parse("p.yaml", "when: >-\n  spend > 1\n  && order > 3\n", problems);
        Expressions.condition(
                Objects.requireNonNull(Objects.requireNonNull(root).get("when")), scope);
        Problem problem = problems.list().getFirst();
        assertThat(problem.line()).isEqualTo(3);
        assertThat(problem.column()).isEqualTo("  && ".length() + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "days > 14, 4",
        "days >= 14 && orders > 1, 4",
        "days < 3, Infinity",
        "orders > 100, Infinity",
        "2 * days > 30, 5",
        "days / 2.0 > 6, 2",
        "30 - days < 15, 5",
        "days > 11 || days > 12, 1",
        "'days in [12, 13]', 2",
        "unknown > 3, Infinity",
    })
    void turnsIn_isNeverLate(String text, double days) {
        double turns = compile(text).turnsIn(values);
        assertThat(turns).isLessThanOrEqualTo(days);
        if (days < 100) {
            assertThat(turns).isCloseTo(days, within(1e-6));
        }
    }

    @Test
    void turnsIn_notLinear_isSoon() {
        assertThat(compile("ln(days) > 5").turnsIn(values)).isBetween(1e-9, 1e-7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "false",
                "1 > 2",
                "orders > 5 && orders < 3",
                "orders > 5 && member && 5 >= orders",
                "orders == 3 && orders != 3",
                "category == \"a\" && category == \"b\"",
                "category in [\"a\", \"b\"] && category == \"c\"",
                "member && !member",
                "(orders > 5 && orders < 3) || (spend < 0 && spend > 1)",
                "!true",
            })
    void neverHolds_findsContradictions(String text) {
        assertThat(compile(text).neverHolds()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders > 3 && orders < 5", "orders > 5 || orders < 3", "category == \"a\" || member"})
    void neverHolds_leavesThePossible(String text) {
        assertThat(compile(text).neverHolds()).isFalse();
        assertThat(compile(text).alwaysHolds()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "band == \"hihg\" ~ no band 'hihg'; did you mean 'high'?",
                "\"hihg\" != band ~ no band 'hihg'",
                "band in [\"low\", \"hihg\"] ~ no band 'hihg'",
                "\"vpi\" in groups ~ no group 'vpi'; did you mean 'vip'?",
            })
    void condition_askingForAWordThatNeverIs_isRefused(String text, String message) {
        scope.text("band", "band", List.of("low", "high"));
        scope.list("groups", "group", List.of("vip"));
        assertThat(Expressions.condition(node(text), scope)).isNull();
        assertThat(problems.list())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains(message));
    }

    @ParameterizedTest
    @CsvSource({
        "orders > 3 && member, orders > 3, true",
        "orders > 3, orders > 3 && member, false",
        "member && spend > 1 && orders > 3, orders > 3 && member, true",
        "orders > 4, orders > 3, false",
    })
    void implies_findsPartsOfAConjunction(String text, String other, boolean expected) {
        assertThat(Expressions.implies(compile(text), compile(other))).isEqualTo(expected);
    }

    @Test
    void both_holdsWhereBothDo_andContradictionsShow() {
        assertThat(Expressions.both(compile("orders > 3"), compile("member")).holds(values))
                .isTrue();
        assertThat(Expressions.both(compile("orders > 3"), compile("!member")).holds(values))
                .isFalse();
        assertThat(Expressions.both(compile("orders > 3"), compile("orders < 2"))
                        .neverHolds())
                .isTrue();
    }

    @Test
    void equalTexts_compileToEqualConditions() {
        assertThat(compile("orders>3 && category.matches(\"x\")"))
                .isEqualTo(compile("orders > 3.0 && category.matches('x')"));
    }

    @Test
    void deepNesting_isRefused() {
        String deep = "(".repeat(3_000) + "member" + ")".repeat(3_000);
        assertThat(Expressions.condition(node(deep), scope)).isNull();
        assertThat(problems.list()).isNotEmpty();
    }

    private Condition compile(String text) {
        Condition condition = Expressions.condition(node(text), scope);
        assertThat(problems.list()).isEmpty();
        return Objects.requireNonNull(condition);
    }

    private YamlNode node(String text) {
        String quoted = "'" + text.replace("'", "''") + "'";
        return Objects.requireNonNull(YamlNode.parse("rules.yaml", quoted, problems));
    }

    private static final class Values implements Variables {

        private final Map<Integer, Double> numbers = new HashMap<>();
        private final Map<Integer, Double> slopes = new HashMap<>();
        private final Map<Integer, @Nullable String> texts = new HashMap<>();
        private final Map<Integer, Truth> truths = new HashMap<>();

        @Override
        public double number(int slot) {
            return numbers.getOrDefault(slot, Double.NaN);
        }

        @Override
        public @Nullable String text(int slot) {
            return texts.get(slot);
        }

        @Override
        public Truth truth(int slot) {
            return truths.getOrDefault(slot, Truth.MISSING);
        }

        @Override
        public boolean contains(int slot, String word) {
            return List.of("loyal").contains(word);
        }

        @Override
        public double slope(int slot) {
            return slopes.getOrDefault(slot, 0.0);
        }
    }
}
