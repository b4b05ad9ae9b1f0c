package io.scorecast.engine.model;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Rounds published numbers to six significant digits: to the double that is nearest to the decimal, so that its shortest
 * text has at most six digits and it equals what Python's {@code float(f"{x:.6g}")} gives.
 *
 * <p>{@code x · 10^k} (or {@code x / 10^k}) is computed as a product and its exact rest by one fused multiply-add; for
 * {@code |k| <= 22} the power is exact, so the rest decides every tie truly, and turning the six digits back is one
 * correctly rounded operation. No allocation in that range, {@code 1e-16 < |x| < 1e27}; outside it a BigDecimal does it.
 */
public final class Rounding {

    private static final double[] POWERS = new double[23];
    private static final double LOG10_OF_2 = 0.30102999566398120;
    private static final MathContext SIX = new MathContext(6, RoundingMode.HALF_EVEN);

    static {
        double power = 1;
        for (int i = 0; i < POWERS.length; i++) {
            POWERS[i] = power;
            power *= 10;
        }
    }

    private Rounding() {}

    /** Ties go to the even digit, as in C and Python; NaN and infinities stay, negative zero becomes zero. */
    public static double sixDigits(double x) {
        if (x == 0) {
            return 0;
        }
        double size = Math.abs(x);
        if (!(size > 1e-16 && size < 1e27)) {
            return Double.isFinite(x) ? new BigDecimal(x).round(SIX).doubleValue() : x;
        }
        // At most one below the true exponent; the loop corrects it.
        int shift = 5 - (int) Math.floor(Math.getExponent(size) * LOG10_OF_2);
        while (true) {
            if (shift > 22 || shift < -22) {
                return new BigDecimal(x).round(SIX).doubleValue();
            }
            double scaled;
            double rest; // The true quotient or product is scaled + rest, where only the sign and size against 1/2
            // matter.
            if (shift >= 0) {
                scaled = size * POWERS[shift];
                rest = Math.fma(size, POWERS[shift], -scaled);
            } else {
                scaled = size / POWERS[-shift];
                rest = Math.fma(-scaled, POWERS[-shift], size) / POWERS[-shift];
            }
            if (scaled > 1e6 || (scaled == 1e6 && rest >= 0)) {
                shift--;
                continue;
            }
            double digits = Math.floor(scaled);
            double half = (scaled - digits) - 0.5;
            if (half > 0 || (half == 0 && (rest > 0 || (rest == 0 && digits % 2 != 0)))) {
                digits++;
            }
            double rounded = shift >= 0 ? digits / POWERS[shift] : digits * POWERS[-shift];
            return x < 0 ? -rounded : rounded;
        }
    }
}
