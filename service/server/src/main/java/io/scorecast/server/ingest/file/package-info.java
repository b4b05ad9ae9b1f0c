/** Readers of event files: NDJSON, JSON arrays, CSV and Parquet, each gzipped or not. */
@NullMarked
package io.scorecast.server.ingest.file;

import org.jspecify.annotations.NullMarked;
