/** What a caller gets, and its JSON. */
@NullMarked
package io.scorecast.engine.prediction;

import org.jspecify.annotations.NullMarked;
