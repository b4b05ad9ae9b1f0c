package io.scorecast.engine.pair;

/**
 * A feature of a pair.
 *
 * @param halfLife milliseconds; 0 for none
 * @param level of the item's category path
 * @param fact the column of the items' facts
 */
record PairFeature(String name, Kind kind, long halfLife, int level, String fact) {

    enum Kind {
        TIMES_BOUGHT,
        DAYS_SINCE,
        DAYS_SINCE_FIRST,
        GAP_MEAN,
        GAP_RATIO,
        ORDERS_SINCE,
        ORDER_SHARE,
        DECAYED_COUNT,
        DECAYED_SHARE,
        SIMILARITY,
        SIMILARITY_SHARE,
        AFFINITY,
        FACT,
        LIST
    }
}
