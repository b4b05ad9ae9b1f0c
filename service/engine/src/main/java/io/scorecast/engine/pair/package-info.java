/**
 * Pairs of a customer and an item: which items come into question, and the features of each pair. Declared in the same file
 * as a model's other features, read once into a {@link io.scorecast.engine.pair.PairSet}, and computed by one pass over the
 * profile for each list, by the same code for training and for serving.
 */
@NullMarked
package io.scorecast.engine.pair;

import org.jspecify.annotations.NullMarked;
