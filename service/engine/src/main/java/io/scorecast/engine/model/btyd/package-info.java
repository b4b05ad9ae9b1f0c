/**
 * Customer-base models that are a few numbers ("buy till you die"): BG/NBD, Pareto/NBD, and Gamma-Gamma for the value of a
 * purchase. Named as the package lifetimes names them.
 */
@NullMarked
package io.scorecast.engine.model.btyd;

import org.jspecify.annotations.NullMarked;
