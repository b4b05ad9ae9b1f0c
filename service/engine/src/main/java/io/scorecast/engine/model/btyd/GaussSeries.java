package io.scorecast.engine.model.btyd;

/**
 * Gauss's hypergeometric function ₂F₁(a, b; c; z), by its series.
 *
 * <p>The series converges for |z| &lt; 1, the faster the smaller z and the larger c − a − b. Callers bring their formula into
 * a form where no terms cancel, by Euler's transformation (Abramowitz and Stegun, 15.3.3).
 */
final class GaussSeries {

    private static final int MOST_TERMS = 1_000_000;

    private GaussSeries() {}

    /** Its sum, for 0 ≤ z &lt; 1; NaN if a million terms are not enough. */
    static double sum(double a, double b, double c, double z) {
        double sum = 1;
        double term = 1;
        for (int n = 0; n < MOST_TERMS; n++) {
            double ratio = (a + n) * (b + n) / ((c + n) * (n + 1)) * z;
            term *= ratio;
            sum += term;
            // What follows is less than a geometric series of this ratio.
            if (Math.abs(term) <= 1e-17 * Math.abs(sum) * (1 - Math.abs(ratio))) {
                return sum;
            }
        }
        return Double.NaN;
    }
}
