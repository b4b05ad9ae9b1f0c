package io.scorecast.engine.profile;

import org.jspecify.annotations.Nullable;

/**
 * A customer's decoded log, seen as of an instant. Columns of primitives that a {@link ProfileDecoder} fills and reuses:
 * valid until its next decode, owned by one thread.
 *
 * <p>After {@link #asOf}, events {@code 0 .. size()-1} are those a reader may see: in order of (time, id), each id once,
 * none later than the instant, none retracted by a visible retraction. Strings are symbols, small integers that are
 * equal exactly when the strings are equal, so that counting distinct orders compares integers; {@link #NONE} is an
 * absent one.
 */
public interface Profile {

    /** The symbol of an absent string. */
    int NONE = -1;

    /**
     * Sets the instant that everything below is seen from.
     *
     * @param instant epoch milliseconds
     * @param asKnown whether events (and retractions) that arrived after the instant are left out too
     */
    void asOf(long instant, boolean asKnown);

    /** The instant of the last {@link #asOf}, epoch milliseconds. */
    long instant();

    /** The number of visible events. */
    int size();

    /** The time of the first event after the instant, {@link Long#MAX_VALUE} if there is none: when the view changes by itself. */
    long nextEventTime();

    /** Epoch milliseconds. */
    long time(int event);

    /** Epoch milliseconds at which the service received it. */
    long arrival(int event);

    /** Ordinal of the event's {@code EventType} if it is a known one, else {@code -2 - symbol} of its name. */
    int type(int event);

    int product(int event);

    /** The whole category path, as one symbol. */
    int category(int event);

    int order(int event);

    int session(int event);

    int source(int event);

    /** The event's total in the shop's currency, NaN if absent. */
    double value(int event);

    /** NaN if absent. */
    double quantity(int event);

    /** How many symbols there are; they are numbered from 0. */
    int symbols();

    /** The string of a symbol; interned, so asking again allocates nothing for common strings. */
    String text(int symbol);

    /** The string's index in a vocabulary, or -1; allocates nothing. */
    int indexIn(Vocabulary vocabulary, int symbol);

    /**
     * The index in a vocabulary of the first {@code level} segments of a path; -1 if it has fewer or they are not there;
     * allocates nothing.
     */
    int indexOfAncestor(Vocabulary vocabulary, int symbol, int level);

    /** The event's own attributes. */
    Attributes attributesOf(int event);

    /** The customer's attributes as of the instant: the greatest (source priority, time, id) wins, per leaf. */
    Attributes attributes();

    /** Whether the customer objected to profiling, as of the instant. A withdrawal counts from the earlier of its time and arrival. */
    Truth consent(String permission);

    /** How many deliveries of the log repeated an id and were dropped. */
    int duplicates();

    /** How many of those said something else than the first. */
    int conflicts();

    /** How many events could not be read and were passed over. */
    int skipped();

    /** Whether the rest of the log, from some event on, could not be read: the log must not be rewritten. */
    boolean broken();

    /** Nested attributes by path. A path's segments are joined by dots ({@code loyalty.tier}). */
    interface Attributes {
        /** NaN if absent or no number. */
        double number(String path);

        @Nullable
        String text(String path);

        Truth truth(String path);
    }
}
