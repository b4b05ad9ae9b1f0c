package io.scorecast.engine.profile;

import io.scorecast.engine.event.EventType;
import io.scorecast.engine.profile.wire.Profile;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The end of a log that is too long to be read whole, and the consents from before it: found by walking over the log
 * chunk by chunk, so that memory is bounded however long it is.
 *
 * @param log a log with its old header, that says how many events it has lost
 * @param dropped the events that are missing
 */
public record LogTail(byte[] log, long dropped) {

    private static final int CHUNK = 1 << 20;

    /** Where a log's bytes come from. */
    @FunctionalInterface
    public interface Source {
        /** The bytes at {@code from}, so many or, at the end of the log, fewer. */
        byte[] read(long from, int bytes);
    }

    /**
     * Finds the end of a log.
     *
     * @param length of the log, which is longer than {@code keep}
     * @param keep the tail has no more bytes than this, beside the consents
     * @return null if an event's length is broken
     */
    public static @Nullable LogTail find(Source source, long length, int keep) {
        return new Walk(source, length, keep).find();
    }

    private static final class Walk {

        private final Source source;
        private final long length;
        private final int keep;
        private final LogReader reader = new LogReader();
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private byte[] chunk = new byte[0];
        private long chunkStart;
        private long dropped;

        Walk(Source source, long length, int keep) {
            this.source = source;
            this.length = length;
            this.keep = keep;
        }

        @Nullable
        LogTail find() {
            load(0);
            if (chunk.length < ProfileLog.HEADER_BYTES) {
                return null;
            }
            out.write(chunk, 0, ProfileLog.HEADER_BYTES);
            long before = CarryOver.of(chunk, 0, chunk.length).droppedEvents();
            long position = ProfileLog.HEADER_BYTES;
            while (length - position > keep) {
                long next = pass(position);
                if (next < 0 || next > length) {
                    return null;
                }
                position = next;
            }
            Profile.Builder lost = Profile.newBuilder();
            lost.getCarryOverBuilder().setDroppedEvents(before + dropped);
            out.writeBytes(source.read(position, (int) (length - position)));
            // Last, because of two numbers the later one counts.
            out.writeBytes(lost.build().toByteArray());
            return new LogTail(out.toByteArray(), dropped);
        }

        private void load(long from) {
            chunkStart = from;
            chunk = source.read(from, CHUNK);
        }

        /** Passes over one field of the log; -1 if it is broken. */
        private long pass(long position) {
            int at = (int) (position - chunkStart);
            if (at >= chunk.length) {
                load(position);
                at = 0;
            }
            reader.open(chunk, at, chunk.length - at);
            int tag = reader.tag();
            boolean nested = (tag & 7) == Wire.BYTES;
            long bytes = 0;
            if (nested) {
                bytes = reader.varint();
            } else {
                reader.skip(tag);
            }
            long end = chunkStart + reader.position() + bytes;
            boolean whole = !reader.failed() && end - chunkStart <= chunk.length;
            if (!whole && at > 0) {
                load(position);
                return pass(position);
            }
            if (reader.failed() || bytes < 0 || tag >>> 3 == 0) {
                return -1;
            }
            boolean event = tag == Wire.EVENT;
            boolean kept = whole && (event ? isConsent(at + (int) (end - position)) : true) && out.size() < keep;
            if (kept) {
                out.write(chunk, at, (int) (end - position));
            } else if (event) {
                dropped++;
            }
            return end;
        }

        private boolean isConsent(int end) {
            reader.enter(reader.position(), end);
            boolean consent = false;
            while (reader.hasMore()) {
                int tag = reader.tag();
                if (tag == Wire.TYPE) {
                    consent = reader.varint() == EventType.CONSENT.ordinal() + 1;
                } else {
                    reader.skip(tag);
                }
            }
            return consent;
        }
    }
}
