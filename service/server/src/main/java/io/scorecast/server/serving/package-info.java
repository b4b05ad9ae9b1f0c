/** The live Scorer: what is served, and how it is replaced. */
@NullMarked
package io.scorecast.server.serving;

import org.jspecify.annotations.NullMarked;
