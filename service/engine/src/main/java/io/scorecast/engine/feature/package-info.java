/** Feature definitions, and the one plan that computes all of them in one pass over a profile. */
@NullMarked
package io.scorecast.engine.feature;

import org.jspecify.annotations.NullMarked;
