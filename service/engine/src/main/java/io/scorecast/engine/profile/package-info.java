/** A profile is the fold of a customer's events. The log's codec, its decoding into columns, and its compaction. */
@NullMarked
package io.scorecast.engine.profile;

import org.jspecify.annotations.NullMarked;
