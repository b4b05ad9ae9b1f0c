package io.scorecast.engine.profile;

/**
 * What a log that was rewritten says about itself.
 *
 * @param droppedEvents events it has lost because it was over its limits
 * @param compactedBytes of the events that the last compaction left
 * @param compactedEvents how many those were
 */
public record CarryOver(long droppedEvents, long compactedBytes, long compactedEvents) {

    /** Of a log that was never rewritten. */
    public static final CarryOver NONE = new CarryOver(0, 0, 0);

    /** No longer than this with its tag, as long as it has no fields of a later version. */
    static final int MOST_BYTES = 2 + 3 * 11;

    /** A log's first bytes, enough for {@link #of}. */
    public static final int HEAD_BYTES = ProfileLog.HEADER_BYTES + MOST_BYTES;

    /** Reads it from a log or its first {@link #HEAD_BYTES}; a compaction writes it right behind the header. */
    public static CarryOver of(byte[] log, int offset, int length) {
        if (length <= ProfileLog.HEADER_BYTES) {
            return NONE;
        }
        LogReader reader = new LogReader();
        reader.open(log, offset + ProfileLog.HEADER_BYTES, length - ProfileLog.HEADER_BYTES);
        if (reader.tag() != Wire.CARRY_OVER) {
            return NONE;
        }
        int bytes = reader.length();
        if (reader.failed()) {
            return NONE;
        }
        long[] fields = new long[3];
        int end = reader.position() + bytes;
        reader.enter(reader.position(), end);
        while (reader.hasMore()) {
            int tag = reader.tag();
            int field = tag >>> 3;
            if ((tag & 7) == Wire.VARINT && field >= 1 && field <= fields.length) {
                fields[field - 1] = reader.varint();
            } else {
                reader.skip(tag);
            }
        }
        return new CarryOver(fields[0], fields[1], fields[2]);
    }

    /** Whether a log has doubled since it was compacted. */
    public boolean hasDoubled(long length) {
        return length >= 2 * (ProfileLog.HEADER_BYTES + compactedBytes);
    }
}
