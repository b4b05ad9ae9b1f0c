package io.scorecast.engine.profile;

import com.fasterxml.jackson.core.JsonParser;
import io.scorecast.engine.event.EventJson;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Attributes by path, found in the log's bytes: of one event, or of several of which the last wins, per leaf. A value at a
 * path hides what older events say at, above and below it; so walking from the newest event back, the first one that says
 * anything about the path decides. Builds nothing but the text that is asked for.
 */
final class Leaves implements Profile.Attributes {

    private static final int NOTHING = 0;

    private final Columns columns;
    private final LogReader reader = new LogReader();
    private final StringCache strings = new StringCache();

    /** Events in rising order of what wins. */
    private int[] events = new int[8];

    private int size;

    /** What {@link #find} found: the tag of the value, and where it stands. */
    private int valueAt;

    private int messageEnd;

    Leaves(Columns columns) {
        this.columns = columns;
    }

    void clear() {
        size = 0;
    }

    void add(int event) {
        if (size == events.length) {
            events = java.util.Arrays.copyOf(events, 2 * size);
        }
        events[size++] = event;
    }

    /** Sorts by rising rank; events of the same rank keep their order. */
    void sortBy(java.util.function.IntUnaryOperator rank) {
        for (int i = 1; i < size; i++) {
            int event = events[i];
            int own = rank.applyAsInt(event);
            int j = i - 1;
            for (; j >= 0 && rank.applyAsInt(events[j]) > own; j--) {
                events[j + 1] = events[j];
            }
            events[j + 1] = event;
        }
    }

    @Override
    public double number(String path) {
        int tag = find(path);
        return switch (tag) {
            case Wire.WHOLE -> reader.zigzag();
            case Wire.DECIMAL -> reader.number();
            case Wire.JSON -> jsonNumber();
            default -> Double.NaN;
        };
    }

    @Override
    public @Nullable String text(String path) {
        if (find(path) != Wire.TEXT) {
            return null;
        }
        int length = reader.length();
        return strings.get(reader.bytes(), reader.position(), length);
    }

    @Override
    public Truth truth(String path) {
        return find(path) == Wire.FLAG ? Truth.of(reader.varint() != 0) : Truth.MISSING;
    }

    /** Whether any of the events says something about a path, be it that there is no value. */
    boolean says(String path) {
        for (int i = 0; i < size; i++) {
            if (findIn(events[i], path) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** The event whose id is the text at a path; -1 if there is none. */
    int findEvent(String path) {
        if (find(path) != Wire.TEXT) {
            return -1;
        }
        int length = reader.length();
        return columns.ids.find(reader.position(), length);
    }

    /** An integer beyond 64 bits; NaN for a list or an object. */
    private double jsonNumber() {
        int length = reader.length();
        byte first = length == 0 ? 0 : reader.bytes()[reader.position()];
        if (first != '-' && (first < '0' || first > '9')) {
            return Double.NaN;
        }
        try (JsonParser parser = EventJson.FACTORY.createParser(reader.bytes(), reader.position(), length)) {
            return parser.nextToken().isNumeric() ? parser.getDoubleValue() : Double.NaN;
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** The tag of the value at a path, with the reader on the value; 0 if there is none. */
    private int find(String path) {
        for (int i = size - 1; i >= 0; i--) {
            int found = findIn(events[i], path);
            if (found >= 0) {
                reader.enter(valueAt, messageEnd);
                return found;
            }
        }
        return NOTHING;
    }

    /** The value's tag if the event says what the path holds, 0 if it says that it holds no value, -1 if it says nothing. */
    private int findIn(int event, String path) {
        reader.open(columns.reader.bytes(), 0, 0);
        int at = columns.attributes[event];
        if (at < 0) {
            return -1;
        }
        int found = -1;
        reader.enter(at, columns.end[event]);
        while (reader.hasMore()) {
            int tag = reader.tag();
            if (tag != Wire.ATTRIBUTE) {
                reader.skip(tag);
                continue;
            }
            int length = reader.length();
            int leafEnd = reader.position() + length;
            int said = readLeaf(reader.position(), leafEnd, path);
            found = said >= 0 ? said : found;
            reader.enter(leafEnd, columns.end[event]);
        }
        return found;
    }

    private int readLeaf(int start, int leafEnd, String path) {
        int pathAt = 0;
        int pathLength = 0;
        int value = NOTHING;
        int at = 0;
        reader.enter(start, leafEnd);
        while (reader.hasMore()) {
            int tag = reader.tag();
            if (tag == Wire.PATH) {
                pathLength = reader.length();
                pathAt = reader.position();
                reader.advance(pathLength);
            } else {
                value = tag;
                at = reader.position();
                reader.skip(tag);
            }
        }
        if (reader.failed() || value == NOTHING) {
            return -1;
        }
        int relation = relate(pathAt, pathLength, path);
        if (relation == APART) {
            return -1;
        }
        if (relation == SAME && value != Wire.DELETED) {
            valueAt = at;
            messageEnd = leafEnd;
            return value;
        }
        // An empty object above only says that there is an object, which hides nothing below it.
        return relation == ABOVE && isEmptyObject(value, at, leafEnd) ? -1 : NOTHING;
    }

    private boolean isEmptyObject(int value, int at, int leafEnd) {
        if (value != Wire.JSON) {
            return false;
        }
        reader.enter(at, leafEnd);
        int length = reader.length();
        return length == 2 && reader.bytes()[reader.position()] == '{';
    }

    private static final int APART = 0;
    private static final int SAME = 1;
    private static final int ABOVE = 2;
    private static final int BELOW = 3;

    /** How a leaf's path lies to the one that is asked for. */
    private int relate(int at, int length, String path) {
        byte[] bytes = reader.bytes();
        int common = Math.min(length, path.length());
        for (int i = 0; i < common; i++) {
            byte b = bytes[at + i];
            if (b < 0) {
                return relate(new String(bytes, at, length, java.nio.charset.StandardCharsets.UTF_8), path);
            }
            if (path.charAt(i) != b) {
                return APART;
            }
        }
        if (length == path.length()) {
            return SAME;
        }
        return length < path.length()
                ? path.charAt(length) == '.' ? ABOVE : APART
                : bytes[at + common] == '.' ? BELOW : APART;
    }

    private static int relate(String leaf, String path) {
        if (leaf.equals(path)) {
            return SAME;
        }
        return path.startsWith(leaf + ".") ? ABOVE : leaf.startsWith(path + ".") ? BELOW : APART;
    }
}
