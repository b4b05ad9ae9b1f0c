package io.scorecast.server.store;

/**
 * A whole log.
 *
 * @param bytes empty if there is none
 */
public record StoredLog(LogIdentity identity, byte[] bytes) {}
