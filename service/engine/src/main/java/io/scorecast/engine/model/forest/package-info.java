/** Tree ensembles evaluated in Java, and the readers of the files that XGBoost writes. */
@NullMarked
package io.scorecast.engine.model.forest;

import org.jspecify.annotations.NullMarked;
