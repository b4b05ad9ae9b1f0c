package io.scorecast.engine.profile;

import com.google.protobuf.InvalidProtocolBufferException;
import io.scorecast.engine.event.EventType;
import io.scorecast.engine.profile.wire.Profile;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a log so that it means the same in fewer bytes: repeated ids are dropped (the first counts), and so is what was
 * delivered again after it had been erased; everything else is copied byte for byte, fields of later versions too. A log
 * over its limits loses its oldest events; what is known about the customer outlives what the customer did, and consent
 * outlives all. Owned by one thread.
 */
public final class LogCompaction {

    private final Columns columns = new Columns();

    /** What came of a log. */
    public sealed interface Result {}

    /**
     * A log that may replace the old one.
     *
     * @param events that it holds
     * @param duplicates repeats that were dropped
     * @param conflicts how many of them said something else than the first
     * @param skipped events that cannot be read here; they are kept
     * @param dropped the oldest, lost to the limits
     */
    public record Compacted(byte[] log, int events, int duplicates, int conflicts, int skipped, int dropped)
            implements Result {}

    /** From some event on the log cannot be read: it must not be rewritten. */
    public record Unreadable() implements Result {}

    /** Later kinds outlive earlier ones. */
    private enum Kind {
        BEHAVIOUR,
        KNOWLEDGE,
        CONSENT
    }

    /** A field of the log, with its tag. */
    private record Piece(int start, int end, @Nullable Kind kind, int column) {}

    /**
     * Compacts a log.
     *
     * @param header of the new log, with an epoch of its own
     */
    public Result compact(byte[] log, int offset, int length, LogHeader header, LogLimits limits) {
        columns.read(log, offset, length);
        if (columns.reader.broken()) {
            return new Unreadable();
        }
        Profile.Builder head = Profile.newBuilder();
        List<Piece> pieces = new ArrayList<>();
        split(log, offset, length, head, pieces);
        long bytes = ProfileLog.HEADER_BYTES + CarryOver.MOST_BYTES;
        int events = 0;
        for (Piece piece : pieces) {
            bytes += piece.end() - piece.start();
            events += piece.kind() == null ? 0 : 1;
        }
        int before = events;
        if (limits.exceeds(events, bytes)) {
            events -= cut(pieces, events, bytes, limits.afterCut());
        }
        return new Compacted(
                write(log, header, head, pieces, before - events, events),
                events,
                columns.duplicates,
                columns.conflicts,
                columns.skipped,
                before - events);
    }

    /** Takes the log apart: what stays, piece by piece, and what it carries over from before. */
    private void split(byte[] log, int offset, int length, Profile.Builder head, List<Piece> pieces) {
        LogReader reader = new LogReader();
        reader.open(log, offset, length);
        int column = 0;
        int idle = 0;
        while (reader.hasMore()) {
            int start = reader.position();
            int tag = reader.tag();
            reader.skip(tag);
            int end = reader.position();
            if (tag == Wire.EVENT) {
                if (column < columns.size && columns.end[column] == end) {
                    pieces.add(new Piece(start, end, kind(columns.type[column]), column++));
                } else if (idle < columns.idle && columns.idleEnd(idle) == end) {
                    idle++;
                } else {
                    pieces.add(new Piece(start, end, Kind.BEHAVIOUR, -1));
                }
            } else if (tag == Wire.CARRY_OVER) {
                merge(log, start, end, head);
            } else if (tag != Wire.HEADER) {
                pieces.add(new Piece(start, end, null, -1));
            }
        }
    }

    private static void merge(byte[] log, int start, int end, Profile.Builder head) {
        try {
            head.mergeFrom(log, start, end - start);
        } catch (InvalidProtocolBufferException e) {
            // Says nothing that could be kept.
        }
    }

    private static Kind kind(int type) {
        if (type == EventType.CONSENT.ordinal()) {
            return Kind.CONSENT;
        }
        return type == EventType.ATTRIBUTES.ordinal() || type == EventType.RETRACT.ordinal()
                ? Kind.KNOWLEDGE
                : Kind.BEHAVIOUR;
    }

    /** Takes out the oldest events, until the rest is within the limits. */
    private int cut(List<Piece> pieces, int events, long bytes, LogLimits limits) {
        List<Piece> oldest = new ArrayList<>(pieces);
        oldest.removeIf(piece -> piece.kind() == null);
        oldest.sort(Comparator.comparing(Piece::kind).thenComparing(this::compareTimes));
        Set<Piece> lost = new HashSet<>();
        long left = bytes;
        for (Piece piece : oldest) {
            if (!limits.exceeds((long) events - lost.size(), left)) {
                break;
            }
            lost.add(piece);
            left -= piece.end() - piece.start();
        }
        pieces.removeIf(lost::contains);
        return lost.size();
    }

    /** In the order of a profile; what cannot be read comes first. */
    private int compareTimes(Piece a, Piece b) {
        if (a.column() < 0 || b.column() < 0 || a.column() == b.column()) {
            return Boolean.compare(a.column() >= 0, b.column() >= 0);
        }
        return columns.inOrder(a.column(), b.column()) ? -1 : 1;
    }

    private static byte[] write(
            byte[] log, LogHeader header, Profile.Builder head, List<Piece> pieces, int dropped, int events) {
        int bytes = 0;
        for (Piece piece : pieces) {
            bytes += piece.end() - piece.start();
        }
        head.getCarryOverBuilder()
                .setDroppedEvents(head.getCarryOver().getDroppedEvents() + dropped)
                .setCompactedBytes(bytes)
                .setCompactedEvents(events);
        ByteArrayOutputStream out = new ByteArrayOutputStream(ProfileLog.HEADER_BYTES + CarryOver.MOST_BYTES + bytes);
        out.writeBytes(ProfileLog.header(header));
        out.writeBytes(head.build().toByteArray());
        for (Piece piece : pieces) {
            out.write(log, piece.start(), piece.end() - piece.start());
        }
        return out.toByteArray();
    }
}
