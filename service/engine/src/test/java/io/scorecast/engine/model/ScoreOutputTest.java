package io.scorecast.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScoreOutputTest {

    private static ScoreOutput output(Calibration calibration) {
        return new ScoreOutput(
                "p", ScoreOutput.Kind.PROBABILITY, "", "", 0, calibration, 0, 1, Bands.none(), Percentiles.none(), 0.5);
    }

    @Test
    void published_isotonic_isLinearBetweenPointsAndConstantOutside() {
        ScoreOutput output =
                output(new Calibration.Isotonic(new double[] {0.1, 0.2, 0.4}, new double[] {0.2, 0.2, 0.8}));
        assertThat(output.published(0.05, 0)).isEqualTo(0.2);
        assertThat(output.published(0.1, 0)).isEqualTo(0.2);
        assertThat(output.published(0.15, 0)).isEqualTo(0.2);
        assertThat(output.published(0.3, 0)).isEqualTo(0.5);
        assertThat(output.published(0.4, 0)).isEqualTo(0.8);
        assertThat(output.published(7, 0)).isEqualTo(0.8);
    }

    @Test
    void published_platt_readsTheMargin() {
        ScoreOutput output = output(new Calibration.Platt(-1.5, 0.25));
        assertThat(output.published(Double.NaN, 2)).isCloseTo(1 / (1 + Math.exp(-2.75)), within(1e-6));
        assertThat(output.published(0.3, Double.NaN)).isNaN();
        // Log-odds of a raw 0.
        assertThat(output.published(0, Double.NEGATIVE_INFINITY)).isZero();
    }

    @Test
    void published_outsideTheRange_isClamped() {
        ScoreOutput output = output(new Calibration.None());
        assertThat(output.published(1.2, 0)).isEqualTo(1);
        assertThat(output.published(-0.1, 0)).isEqualTo(0);
        assertThat(output.calibrated(1.2, 0)).isEqualTo(1.2);
    }

    @Test
    void published_notFinite_isMissing() {
        ScoreOutput output = output(new Calibration.None());
        assertThat(output.published(Double.NaN, 0)).isNaN();
        assertThat(output.published(Double.POSITIVE_INFINITY, 0)).isNaN();
    }

    @Test
    void bands_ofAScore_isTheLastThatBeginsAtOrBelowIt() {
        Bands bands = new Bands(List.of("low", "medium", "high"), new double[] {0.1, 0.3, 0.6});
        assertThat(bands.of(0.05)).isZero();
        assertThat(bands.of(0.3)).isEqualTo(1);
        assertThat(bands.of(0.59)).isEqualTo(1);
        assertThat(bands.of(2)).isEqualTo(2);
        assertThat(bands.of(Double.NaN)).isEqualTo(-1);
        assertThat(Bands.none().of(1)).isEqualTo(-1);
    }

    @Test
    void percentiles_ofAScore_countsTheCutsAtOrBelowIt() {
        Percentiles percentiles = new Percentiles(new double[] {1, 2, 2, 2, 5});
        assertThat(percentiles.of(0)).isZero();
        assertThat(percentiles.of(1)).isEqualTo(1);
        assertThat(percentiles.of(2)).isEqualTo(4);
        assertThat(percentiles.of(4.9)).isEqualTo(4);
        assertThat(percentiles.of(9)).isEqualTo(5);
        assertThat(percentiles.of(Double.NaN)).isEqualTo(-1);
        assertThat(Percentiles.none().of(9)).isEqualTo(-1);
    }
}
