package io.scorecast.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecommendationTest {

    @ParameterizedTest
    @CsvSource({"2, 3, 6", "0.5, 3, 1.5", "2, -3, -1.5", "0.5, -3, -6", "2, 0, 0"})
    void boost_aboveOne_liftsAnyScore(double by, double score, double expected) {
        assertThat(new Recommendation.Boost("a", by).apply(score)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1, a", "2, a/b", "3, a/b/c", "4, a/b/c"})
    void diversity_category_isTheFirstSegments(int level, String expected) {
        assertThat(new Recommendation.Diversity(level, 1).of("a/b/c")).isEqualTo(expected);
    }

    @Test
    void excludes_idsAndPaths_notWhatOnlyBeginsAlike() {
        Recommendation rule = new Recommendation(List.of(), List.of("dairy", "p-1"), 0, null);
        assertThat(rule.excludes("p-1", "")).isTrue();
        assertThat(rule.excludes("p-12", "dairy-free/milk")).isFalse();
        assertThat(rule.excludes("p-12", "dairy/milk")).isTrue();
        assertThat(rule.excludes("dairy/milk", "")).isTrue();
    }
}
