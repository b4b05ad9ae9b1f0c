/** Bare predictions: rows of features in, a model's raw outputs out, without customers, calibration and rules. */
@NullMarked
package io.scorecast.server.inference;

import org.jspecify.annotations.NullMarked;
