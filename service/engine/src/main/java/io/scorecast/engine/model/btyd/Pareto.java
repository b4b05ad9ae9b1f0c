package io.scorecast.engine.model.btyd;

/**
 * Pareto/NBD: purchases are Poisson with a rate that is Gamma(r, alpha) over customers; customers stop after a time that is
 * exponential with a rate that is Gamma(s, beta). Schmittlein, Morrison and Colombo, "Counting Your Customers", Management
 * Science 33 (1987), in the form of Fader and Hardie's note on its implementation (2005).
 */
record Pareto(double r, double alpha, double s, double beta) implements PurchaseModel {

    @Override
    public double alive(double frequency, double recency, double age) {
        return 1 / (1 + odds(frequency, recency, age));
    }

    /** Of having stopped: s / (r+s+x) · (alpha+T)^(r+x) (beta+T)^s · A₀. */
    private double odds(double x, double recency, double age) {
        double logOdds = Math.log(s / (r + s + x))
                + (r + x) * Math.log(alpha + age)
                + s * Math.log(beta + age)
                + logA0(x, recency, age);
        return Math.exp(logOdds);
    }

    /** The logarithm of A₀, the difference of one expression at the last purchase and now. */
    private double logA0(double x, double recency, double age) {
        double last = logTerm(x, recency);
        double now = logTerm(x, age);
        return now < last ? last + Math.log1p(-Math.exp(now - last)) : Double.NEGATIVE_INFINITY;
    }

    /**
     * The logarithm of ₂F₁(r+s+x, k; r+s+x+1; |alpha−beta| / (m+t)) / (m+t)^(r+s+x), where m is the larger of alpha and
     * beta, and k s+1 if that is alpha, r+x if not. By Euler's transformation the function is
     * (1−z)^(1−k) ₂F₁(1, r+s+x+1−k; r+s+x+1; z): no term is negative, and none large.
     */
    private double logTerm(double x, double time) {
        double larger = Math.max(alpha, beta);
        double all = r + s + x;
        double k = alpha < beta ? r + x : s + 1;
        double z = Math.abs(alpha - beta) / (larger + time);
        return (1 - k) * Math.log1p(-z)
                + Math.log(GaussSeries.sum(1, all + 1 - k, all + 1, z))
                - all * Math.log(larger + time);
    }

    @Override
    public double purchases(double horizon, double frequency, double recency, double age) {
        double left = Math.log((beta + age) / (beta + age + horizon));
        // (1 − e^(left·(s−1))) / (s−1), also at s = 1
        double time = s == 1 ? -left : -Math.expm1(left * (s - 1)) / (s - 1);
        return (r + frequency) * (beta + age) / (alpha + age) * time / (1 + odds(frequency, recency, age));
    }
}
