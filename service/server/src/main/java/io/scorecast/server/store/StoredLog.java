package io.scorecast.server.store;

/**
 * A customer's log.
 *
 * @param identity of the log as Redis has it
 * @param bytes whole, unless it is far over its limits; empty if there is none
 * @param missing events that Redis has and that are not in the bytes: the oldest of a log that is far over its limits
 */
public record StoredLog(LogIdentity identity, byte[] bytes, long missing) {

    public StoredLog(LogIdentity identity, byte[] bytes) {
        this(identity, bytes, 0);
    }
}
