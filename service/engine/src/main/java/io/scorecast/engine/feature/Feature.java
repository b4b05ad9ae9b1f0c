package io.scorecast.engine.feature;

import java.util.List;

/**
 * A named feature of a set.
 *
 * @param inputs positions in the set of the features that it reads
 */
record Feature(String name, Definition definition, List<Integer> inputs) {}
