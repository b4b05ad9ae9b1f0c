/** The immutable object that answers: feature plan, model versions and policy, built and verified by the loader. */
@NullMarked
package io.scorecast.engine.scorer;

import org.jspecify.annotations.NullMarked;
