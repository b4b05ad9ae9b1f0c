package io.scorecast.engine.profile;

import io.scorecast.engine.event.EventType;
import java.util.Arrays;

/** The events of a log in its order, each id once, as columns of primitives that are reused from log to log. */
final class Columns {

    private static final int FIRST_CAPACITY = 64;
    private static final double CENT = 100;
    private static final EventType[] TYPES = EventType.values();

    final Symbols symbols = new Symbols();
    final LogReader reader = new LogReader();
    final EventIds ids = new EventIds();

    long[] time = new long[FIRST_CAPACITY];
    long[] arrival = new long[FIRST_CAPACITY];
    int[] type = new int[FIRST_CAPACITY];
    int[] product = new int[FIRST_CAPACITY];
    int[] category = new int[FIRST_CAPACITY];
    int[] order = new int[FIRST_CAPACITY];
    int[] session = new int[FIRST_CAPACITY];
    int[] source = new int[FIRST_CAPACITY];
    double[] value = new double[FIRST_CAPACITY];
    double[] quantity = new double[FIRST_CAPACITY];

    /** Where the message's first attribute stands, and the message's end; -1 without attributes. */
    int[] attributes = new int[FIRST_CAPACITY];

    int[] end = new int[FIRST_CAPACITY];
    private int[] idAt = new int[FIRST_CAPACITY];
    private int[] idLength = new int[FIRST_CAPACITY];

    int size;
    int duplicates;

    /** Events from before the log was erased: delivered once more since. */
    int erased;

    /** How many events of the log count for nothing: duplicates and erased ones. */
    int idle;

    /** Where each of those ends in the log. */
    private int[] idleEnd = new int[8];

    int conflicts;
    int skipped;

    /** How many events are of the types that keep the books. */
    int consents;

    int changes;
    int retractions;

    void read(byte[] log, int offset, int length) {
        size = 0;
        duplicates = 0;
        erased = 0;
        idle = 0;
        conflicts = 0;
        skipped = 0;
        consents = 0;
        changes = 0;
        retractions = 0;
        symbols.clear(log);
        ids.clear(log, idAt, idLength);
        reader.open(log, offset, length);
        long erasedAt = ProfileLog.erasedAt(log, offset, length);
        while (reader.nextEvent()) {
            if (size == time.length) {
                grow();
            }
            if (!readEvent(size)) {
                skipped++;
                continue;
            }
            if (time[size] <= erasedAt) {
                erased++;
                noteIdle(end[size]);
                continue;
            }
            int first = ids.findOrAdd(size);
            if (first >= 0) {
                duplicates++;
                noteIdle(end[size]);
                conflicts += equal(first, size) ? 0 : 1;
                continue;
            }
            consents += type[size] == EventType.CONSENT.ordinal() ? 1 : 0;
            changes += type[size] == EventType.ATTRIBUTES.ordinal() ? 1 : 0;
            retractions += type[size] == EventType.RETRACT.ordinal() ? 1 : 0;
            size++;
        }
    }

    private void noteIdle(int at) {
        if (idle == idleEnd.length) {
            idleEnd = Arrays.copyOf(idleEnd, 2 * idle);
        }
        idleEnd[idle++] = at;
    }

    /** Where the i-th event that counts for nothing ends in the log. */
    int idleEnd(int i) {
        return idleEnd[i];
    }

    private boolean readEvent(int e) {
        time[e] = 0;
        long delta = 0;
        int number = 0;
        int name = Profile.NONE;
        product[e] = Profile.NONE;
        category[e] = Profile.NONE;
        order[e] = Profile.NONE;
        session[e] = Profile.NONE;
        source[e] = Profile.NONE;
        value[e] = Double.NaN;
        quantity[e] = Double.NaN;
        attributes[e] = -1;
        end[e] = reader.eventEnd();
        idLength[e] = 0;
        while (reader.hasMore()) {
            int start = reader.position();
            int tag = reader.tag();
            switch (tag) {
                case Wire.ID -> {
                    idLength[e] = reader.length();
                    idAt[e] = reader.position();
                    reader.advance(idLength[e]);
                }
                case Wire.UUID -> {
                    int bytes = reader.length();
                    if (bytes != Uuids.BYTES) {
                        return false;
                    }
                    idLength[e] = -bytes;
                    idAt[e] = reader.position();
                    reader.advance(bytes);
                }
                case Wire.TYPE -> number = (int) reader.varint();
                case Wire.TYPE_NAME -> name = symbol();
                case Wire.TIME -> time[e] = reader.varint();
                case Wire.ARRIVAL_DELTA -> delta = reader.zigzag();
                case Wire.ORDER -> order[e] = symbol();
                case Wire.SESSION -> session[e] = symbol();
                case Wire.PRODUCT -> product[e] = symbol();
                case Wire.CATEGORY -> category[e] = symbol();
                case Wire.SOURCE -> source[e] = symbol();
                case Wire.CENTS -> value[e] = reader.zigzag() / CENT;
                case Wire.VALUE -> value[e] = reader.number();
                case Wire.QUANTITY -> quantity[e] = reader.varint();
                case Wire.EXACT_QUANTITY -> quantity[e] = reader.number();
                case Wire.ATTRIBUTE -> {
                    attributes[e] = attributes[e] < 0 ? start : attributes[e];
                    reader.advance(reader.length());
                }
                default -> reader.skip(tag);
            }
        }
        arrival[e] = time[e] + delta;
        type[e] = number > 0 ? number - 1 : -2 - name;
        boolean typed = number > 0 ? number <= TYPES.length : number == 0 && name != Profile.NONE;
        return !reader.failed() && typed && idLength[e] != 0 && time[e] > 0;
    }

    private int symbol() {
        int length = reader.length();
        if (length == 0) {
            return Profile.NONE;
        }
        int symbol = symbols.of(reader.position(), length);
        reader.advance(length);
        return symbol;
    }

    /** Whether two deliveries of one id say the same; when they arrived does not matter. */
    private boolean equal(int a, int b) {
        return time[a] == time[b]
                && type[a] == type[b]
                && product[a] == product[b]
                && category[a] == category[b]
                && order[a] == order[b]
                && session[a] == session[b]
                && source[a] == source[b]
                && Double.compare(value[a], value[b]) == 0
                && Double.compare(quantity[a], quantity[b]) == 0
                && equalAttributes(a, b);
    }

    private boolean equalAttributes(int a, int b) {
        if (attributes[a] < 0 || attributes[b] < 0) {
            return attributes[a] == attributes[b];
        }
        byte[] log = reader.bytes();
        return Arrays.equals(log, attributes[a], end[a], log, attributes[b], end[b]);
    }

    private void grow() {
        int capacity = 2 * time.length;
        time = Arrays.copyOf(time, capacity);
        arrival = Arrays.copyOf(arrival, capacity);
        type = Arrays.copyOf(type, capacity);
        product = Arrays.copyOf(product, capacity);
        category = Arrays.copyOf(category, capacity);
        order = Arrays.copyOf(order, capacity);
        session = Arrays.copyOf(session, capacity);
        source = Arrays.copyOf(source, capacity);
        value = Arrays.copyOf(value, capacity);
        quantity = Arrays.copyOf(quantity, capacity);
        attributes = Arrays.copyOf(attributes, capacity);
        end = Arrays.copyOf(end, capacity);
        idAt = Arrays.copyOf(idAt, capacity);
        idLength = Arrays.copyOf(idLength, capacity);
        ids.moved(idAt, idLength);
    }

    /** Whether event {@code a} comes before {@code b} or is it: by (time, id). */
    boolean inOrder(int a, int b) {
        return time[a] < time[b] || (time[a] == time[b] && ids.compare(a, b) <= 0);
    }
}
