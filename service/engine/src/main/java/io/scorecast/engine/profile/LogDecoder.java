package io.scorecast.engine.profile;

import io.scorecast.engine.event.EventType;
import java.util.Arrays;

/** Decodes logs into columns; see {@link Profile} for what they mean. */
final class LogDecoder implements ProfileDecoder, Profile {

    private static final String TARGET = "event_id";

    private final SourcePriority priority;
    private final Columns columns = new Columns();
    private final Leaves ownLeaves = new Leaves(columns);
    private final Leaves customerLeaves = new Leaves(columns);

    /** Events in order of (time, id). */
    private int[] sorted = new int[0];

    private int[] scratch = new int[0];

    /** The visible ones of them. */
    private int[] visible = new int[0];

    private boolean[] retracted = new boolean[0];
    private int size;
    private long instant;
    private boolean asKnown;
    private long nextEventTime;
    private boolean foldedAttributes;

    LogDecoder(SourcePriority priority) {
        this.priority = priority;
    }

    @Override
    public Profile decode(byte[] log, int offset, int length) {
        columns.read(log, offset, length);
        if (sorted.length < columns.size) {
            int capacity = columns.time.length;
            sorted = new int[capacity];
            scratch = new int[capacity];
            visible = new int[capacity];
            retracted = new boolean[capacity];
        }
        sort();
        asOf(Long.MIN_VALUE, false);
        return this;
    }

    /** Logs are nearly in order, so merging runs costs little more than one look. */
    private void sort() {
        int n = columns.size;
        boolean inOrder = true;
        for (int i = 0; i < n; i++) {
            sorted[i] = i;
            inOrder &= i == 0 || columns.inOrder(i - 1, i);
        }
        for (int width = 1; width < n && !inOrder; width *= 2) {
            for (int from = 0; from < n; from += 2 * width) {
                merge(from, Math.min(n, from + width), Math.min(n, from + 2 * width));
            }
        }
    }

    private void merge(int from, int middle, int to) {
        if (middle >= to || columns.inOrder(sorted[middle - 1], sorted[middle])) {
            return;
        }
        System.arraycopy(sorted, from, scratch, from, middle - from);
        int left = from;
        int right = middle;
        for (int i = from; left < middle; i++) {
            boolean takeRight = right < to && !columns.inOrder(scratch[left], sorted[right]);
            sorted[i] = takeRight ? sorted[right++] : scratch[left++];
        }
    }

    @Override
    public void asOf(long newInstant, boolean newAsKnown) {
        instant = newInstant;
        asKnown = newAsKnown;
        foldedAttributes = false;
        nextEventTime = Long.MAX_VALUE;
        size = 0;
        if (columns.retractions > 0) {
            markRetracted();
        }
        for (int i = 0; i < columns.size; i++) {
            int event = sorted[i];
            if (columns.time[event] > instant) {
                nextEventTime = columns.time[event];
                break;
            }
            if (isKnown(event) && !(columns.retractions > 0 && retracted[event])) {
                visible[size++] = event;
            }
        }
    }

    private boolean isKnown(int event) {
        return !asKnown || columns.arrival[event] <= instant;
    }

    private void markRetracted() {
        Arrays.fill(retracted, 0, columns.size, false);
        for (int event = 0; event < columns.size; event++) {
            if (columns.type[event] == EventType.RETRACT.ordinal()
                    && columns.time[event] <= instant
                    && isKnown(event)) {
                ownLeaves.clear();
                ownLeaves.add(event);
                int target = ownLeaves.findEvent(TARGET);
                if (target >= 0) {
                    retracted[target] = true;
                }
            }
        }
    }

    @Override
    public long instant() {
        return instant;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public long nextEventTime() {
        return nextEventTime;
    }

    @Override
    public long time(int event) {
        return columns.time[visible[event]];
    }

    @Override
    public long arrival(int event) {
        return columns.arrival[visible[event]];
    }

    @Override
    public int type(int event) {
        return columns.type[visible[event]];
    }

    @Override
    public int product(int event) {
        return columns.product[visible[event]];
    }

    @Override
    public int category(int event) {
        return columns.category[visible[event]];
    }

    @Override
    public int order(int event) {
        return columns.order[visible[event]];
    }

    @Override
    public int session(int event) {
        return columns.session[visible[event]];
    }

    @Override
    public int source(int event) {
        return columns.source[visible[event]];
    }

    @Override
    public double value(int event) {
        return columns.value[visible[event]];
    }

    @Override
    public double quantity(int event) {
        return columns.quantity[visible[event]];
    }

    @Override
    public int symbols() {
        return columns.symbols.size();
    }

    @Override
    public String text(int symbol) {
        return columns.symbols.text(symbol);
    }

    @Override
    public int indexIn(Vocabulary vocabulary, int symbol) {
        return symbol == NONE ? -1 : columns.symbols.indexIn(vocabulary, symbol);
    }

    @Override
    public int indexOfAncestor(Vocabulary vocabulary, int symbol, int level) {
        return symbol == NONE ? -1 : columns.symbols.indexOfAncestor(vocabulary, symbol, level);
    }

    @Override
    public Attributes attributesOf(int event) {
        ownLeaves.clear();
        ownLeaves.add(visible[event]);
        return ownLeaves;
    }

    @Override
    public Attributes attributes() {
        if (!foldedAttributes) {
            foldedAttributes = true;
            customerLeaves.clear();
            for (int i = 0; i < size && columns.changes > 0; i++) {
                if (columns.type[visible[i]] == EventType.ATTRIBUTES.ordinal()) {
                    customerLeaves.add(visible[i]);
                }
            }
            if (priority != SourcePriority.NONE) {
                customerLeaves.sortBy(this::rank);
            }
        }
        return customerLeaves;
    }

    private int rank(int event) {
        int source = columns.source[event];
        return source == NONE ? 0 : priority.rank(columns.symbols.text(source));
    }

    @Override
    public Truth consent(String permission) {
        Truth latest = Truth.MISSING;
        long latestTime = Long.MIN_VALUE;
        for (int i = 0; i < columns.size && columns.consents > 0; i++) {
            int event = sorted[i];
            if (columns.type[event] != EventType.CONSENT.ordinal()
                    || !isKnown(event)
                    || (columns.retractions > 0 && retracted[event])) {
                continue;
            }
            ownLeaves.clear();
            ownLeaves.add(event);
            if (!ownLeaves.says(permission)) {
                continue;
            }
            Truth said = ownLeaves.truth(permission);
            long from = columns.time[event];
            if (said == Truth.NO) {
                from = Math.min(from, columns.arrival[event]);
            }
            if (from <= instant && from >= latestTime) {
                latestTime = from;
                latest = said;
            }
        }
        return latest;
    }

    @Override
    public int duplicates() {
        return columns.duplicates;
    }

    @Override
    public int conflicts() {
        return columns.conflicts;
    }

    @Override
    public int skipped() {
        return columns.skipped;
    }

    @Override
    public boolean broken() {
        return columns.reader.broken();
    }
}
