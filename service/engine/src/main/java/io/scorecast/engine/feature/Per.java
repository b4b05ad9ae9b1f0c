package io.scorecast.engine.feature;

/** What is one unit of a count. */
enum Per {
    EVENT,
    ORDER,
    DAY
}
