package io.scorecast.engine.profile;

/**
 * What a log begins with. The pair (header, length) identifies a log's content.
 *
 * @param epoch random; anew when the log begins, and with each compaction and erasure
 * @param erasedAt epoch milliseconds of the last erasure, 0 if there was none
 */
public record LogHeader(long epoch, long erasedAt) {}
