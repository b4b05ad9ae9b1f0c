/** CEL, type-checked once and planned into an evaluator that knows missing values and allocates nothing. */
@NullMarked
package io.scorecast.engine.expression;

import org.jspecify.annotations.NullMarked;
