package io.scorecast.engine.model.btyd;

/**
 * Gamma-Gamma: the value of a purchase varies around a customer's own mean, and those means over customers. Fader and Hardie,
 * "The Gamma-Gamma Model of Monetary Value" (2013).
 */
record GammaGamma(double p, double q, double v) {

    /** The expected mean value of a purchase: between the customer's own so far and everybody's. */
    double value(double frequency, double monetaryValue) {
        double own = p * frequency / (p * frequency + q - 1);
        double everybodys = v * p / (q - 1);
        return frequency == 0 ? everybodys : (1 - own) * everybodys + own * monetaryValue;
    }
}
