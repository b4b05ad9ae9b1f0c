/**
 * {@code ./scorecast loadtest}: requests that leave at their intended times, whatever became of those before, against a
 * running service or one of its own. One thread on Netty sends, receives and counts, so nothing here is locked.
 */
@NullMarked
package io.scorecast.loadtest.run;

import org.jspecify.annotations.NullMarked;
