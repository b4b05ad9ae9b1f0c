package io.scorecast.server.store;

import java.util.Locale;

/** When a Redis of our own writes its append-only file through to the disk. */
public enum Fsync {
    /** Before it acknowledges: an acknowledged event survives whatever happens to the machine. */
    ALWAYS,
    /** Once a second: at most the last two seconds are at risk, and only if the machine goes down. */
    EVERYSEC;

    /** As Redis and the settings spell it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
