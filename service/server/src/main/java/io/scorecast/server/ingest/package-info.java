/** Events in: one transport-neutral ingestor, and the readers of event files. */
@NullMarked
package io.scorecast.server.ingest;

import org.jspecify.annotations.NullMarked;
