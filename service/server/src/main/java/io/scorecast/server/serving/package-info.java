/** The live Scorer: what is served, how requests hold on to it, and how it is replaced. */
@NullMarked
package io.scorecast.server.serving;

import org.jspecify.annotations.NullMarked;
