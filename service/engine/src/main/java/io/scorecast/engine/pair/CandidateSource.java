package io.scorecast.engine.pair;

/**
 * Where candidates come from.
 *
 * @param most how many it gives at most
 * @param halfLife milliseconds; 0 for none
 * @param level of the items' category paths
 * @param fact the column of the items' facts that says how popular one is
 */
record CandidateSource(From from, int most, long halfLife, int level, String fact) {

    enum From {
        /** What the customer bought, most often (and lately) first. */
        HISTORY,
        /** What is similar to what the customer bought. */
        NEIGHBOURS,
        /** What is popular in the customer's favourite categories. */
        CATEGORIES,
        /** What is popular. */
        POPULARITY
    }
}
