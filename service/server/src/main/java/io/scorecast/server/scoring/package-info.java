/** One request's way to its answer: near cache, batcher, deadline, fallback. */
@NullMarked
package io.scorecast.server.scoring;

import org.jspecify.annotations.NullMarked;
