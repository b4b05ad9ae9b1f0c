package io.scorecast.engine.model.btyd;

/**
 * How a customer buys and stops buying, of whom is known what RFM knows. Immutable.
 *
 * <p>Of a customer: {@code frequency} is x, the number of repeat purchases; {@code recency} t_x, the age at the last of them,
 * 0 without one; {@code age} T, the time since the first purchase; all in the unit of time that the parameters were fitted in.
 */
sealed interface PurchaseModel permits BetaGeo, Pareto {

    /** The probability that the customer still buys. */
    double alive(double frequency, double recency, double age);

    /** The expected number of purchases in the coming {@code horizon}. */
    double purchases(double horizon, double frequency, double recency, double age);
}
