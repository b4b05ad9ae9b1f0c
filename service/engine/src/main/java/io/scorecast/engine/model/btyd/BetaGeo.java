package io.scorecast.engine.model.btyd;

/**
 * BG/NBD: purchases are Poisson with a rate that is Gamma(r, alpha) over customers; after each, a customer stops with a
 * probability that is Beta(a, b). Fader, Hardie and Lee, "Counting Your Customers the Easy Way", Marketing Science 24 (2005);
 * as lifetimes, one who has no repeat purchase has not stopped.
 */
record BetaGeo(double r, double alpha, double a, double b) implements PurchaseModel {

    @Override
    public double alive(double frequency, double recency, double age) {
        return 1 / (1 + odds(frequency, recency, age));
    }

    /** Of having stopped. */
    private double odds(double x, double recency, double age) {
        return x == 0 ? 0 : a / (b + x - 1) * Math.exp((r + x) * (Math.log(alpha + age) - Math.log(alpha + recency)));
    }

    /**
     * Equation 10 of the paper has (1−z)^(r+x) ₂F₁(r+x, b+x; a+b+x−1; z) with z = t / (alpha+T+t), whose factors leave the
     * range of numbers for large x. By Euler's transformation it is (1−z)^(a−1) ₂F₁(a+b−1−r, a−1; a+b+x−1; z).
     */
    @Override
    public double purchases(double horizon, double frequency, double recency, double age) {
        double c = a + b + frequency - 1;
        double z = horizon / (alpha + age + horizon);
        double kept = Math.exp((a - 1) * Math.log1p(-z)) * GaussSeries.sum(a + b - 1 - r, a - 1, c, z);
        return c / (a - 1) * (1 - kept) / (1 + odds(frequency, recency, age));
    }
}
