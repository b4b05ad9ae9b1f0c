/**
 * Whole audiences scored at once: where the customers come from, the line that reads, scores and writes them, files in the
 * shapes that senders' tools take, and jobs that survive a restart.
 */
@NullMarked
package io.scorecast.server.audience;

import org.jspecify.annotations.NullMarked;
