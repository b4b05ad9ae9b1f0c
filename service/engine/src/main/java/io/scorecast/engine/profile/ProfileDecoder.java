package io.scorecast.engine.profile;

/** Decodes logs into one reused {@link Profile}. Owned by one thread. */
public interface ProfileDecoder {

    /** A new decoder. */
    static ProfileDecoder create(SourcePriority priority) {
        return new LogDecoder(priority);
    }

    /** Decodes a log; the returned profile is reused by the next call and must be given an instant by {@link Profile#asOf} first. */
    Profile decode(byte[] log, int offset, int length);
}
