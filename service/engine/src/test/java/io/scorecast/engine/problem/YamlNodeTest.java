package io.scorecast.engine.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class YamlNodeTest {

    private final Problems problems = new Problems();

    @Test
    void expectKeys_unknownKey_namesTheNearestWithItsPlace() {
        YamlNode.parse("model.yaml", "schema: 1\ndescripton: x\n", problems)
                .expectKeys(List.of("schema", "description"));
        assertThat(problems.list()).singleElement().satisfies(problem -> {
            assertThat(problem.message())
                    .isEqualTo("no key 'descripton'; did you mean 'description'? known: [schema, description]");
            assertThat(problem.line()).isEqualTo(2);
            assertThat(problem.column()).isEqualTo(1);
            assertThat(problem.snippet()).contains("descripton: x").contains("^");
        });
    }

    @Test
    void entries_keyTwice_isAProblem() {
        YamlNode.parse("f", "a: 1\na: 2\n", problems).entries();
        assertThat(problems.list()).singleElement().extracting(Problem::message).isEqualTo("'a' is given twice");
    }

    @Test
    void number_allSpellings_areRead() {
        YamlNode root = YamlNode.parse("f", "[1, -2.5, 1e-6, 1.0e-6, 3E2, .5, +7]", problems);
        assertThat(root.numbers()).containsExactly(1, -2.5, 1e-6, 1e-6, 300, 0.5, 7);
        assertThat(problems.isEmpty()).isTrue();
    }

    @Test
    void number_notFiniteOrNoNumber_isAProblem() {
        YamlNode root = YamlNode.parse("f", "[.nan, .inf, abc, 0x1F, {a: 1}, null, 1:30]", problems);
        assertThat(root.numbers()).containsOnly(Double.NaN);
        assertThat(problems.size()).isEqualTo(7);
    }

    @Test
    void truth_yes_isAProblem() {
        YamlNode root = YamlNode.parse("f", "[true, False, yes]", problems);
        assertThat(root.items().stream().map(YamlNode::truth)).containsExactly(true, false, false);
        assertThat(problems.size()).isEqualTo(1);
    }

    @Test
    void parse_brokenEmptyOrRecursive_isAProblemAndNull() {
        assertThat(YamlNode.parse("f", "a: [1", problems)).isNull();
        assertThat(YamlNode.parse("f", "", problems)).isNull();
        assertThat(YamlNode.parse("f", "&a [*a]", problems)).isNull();
        assertThat(problems.size()).isEqualTo(3);
        assertThat(problems.list().get(0).line()).isPositive();
    }
}
