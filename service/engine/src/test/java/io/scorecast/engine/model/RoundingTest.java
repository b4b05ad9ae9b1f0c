package io.scorecast.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RoundingTest {

    private static final MathContext SIX = new MathContext(6, RoundingMode.HALF_EVEN);

    private static double exactly(double x) {
        return new BigDecimal(x).round(SIX).doubleValue();
    }

    @Property(tries = 20_000)
    void sixDigits_anyNumber_equalsExactDecimals(@ForAll double x) {
        assertThat(Rounding.sixDigits(x)).isEqualTo(x == 0 ? 0 : exactly(x));
    }

    @Test
    void sixDigits_tiesAndTheirNeighbours_equalExactDecimals() {
        SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < 300_000; i++) {
            double tie = (random.nextInt(100_000, 1_000_000) + 0.5) * Math.pow(2, random.nextInt(-3, 4));
            double scaled = tie * Math.pow(10, random.nextInt(-15, 16));
            for (double x : new double[] {tie, scaled, Math.nextUp(scaled), Math.nextDown(scaled), -scaled}) {
                assertThat(Rounding.sixDigits(x)).isEqualTo(exactly(x));
            }
        }
    }

    @Test
    void sixDigits_carries_upToTheNextPower() {
        assertThat(Rounding.sixDigits(0.9999999)).isEqualTo(1);
        assertThat(Rounding.sixDigits(999999.5)).isEqualTo(1_000_000);
        assertThat(Rounding.sixDigits(0.1234565)).isEqualTo(exactly(0.1234565));
    }

    @Test
    void sixDigits_noNumbers_stay() {
        assertThat(Rounding.sixDigits(Double.NaN)).isNaN();
        assertThat(Rounding.sixDigits(Double.NEGATIVE_INFINITY)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(Double.doubleToRawLongBits(Rounding.sixDigits(-0.0))).isZero();
    }
}
