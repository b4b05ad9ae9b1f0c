package io.scorecast.server.store;

import io.scorecast.engine.event.CustomerId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The profile logs. Every call blocks, costs as few round trips as it can for all customers named, and throws
 * {@link StoreUnavailableException} if it cannot be done.
 */
public interface ProfileStore {

    /** How long is known that a customer was erased, and deliveries of older events count for nothing. */
    Duration ERASED = Duration.ofDays(90);

    /**
     * Events for the end of a customer's log.
     *
     * @param events as {@code ProfileLog.event} encodes them, one after the other
     */
    record Append(CustomerId customer, byte[] events) {}

    /**
     * Customers in no order.
     *
     * @param cursor where the next page begins; null if this was the last one
     */
    record Page(List<CustomerId> customers, @Nullable String cursor) {
        public Page {
            customers = List.copyOf(customers);
        }
    }

    /**
     * Appends, and begins the logs that are not there yet. On failure some may have been appended: sending all again is
     * harmless.
     */
    void append(List<Append> appends);

    /**
     * Answers in the order of the customers, from where writes go. Of a log that is far over its limits only the end, and
     * the consents from before it: no call reads more than twice the limit of a log at once.
     */
    List<StoredLog> read(List<CustomerId> customers);

    /**
     * Some customers who have a log with events. Over all pages each of them is listed at least once, one perhaps twice.
     *
     * @param cursor null for the first page
     * @param limit at least one; a page may be shorter without being the last
     * @throws IllegalArgumentException if the cursor is none
     */
    Page scan(@Nullable String cursor, int limit);

    /**
     * Replaces a log by another, unless it has changed meanwhile.
     *
     * @param identity what the log was when the new one was made of it
     * @param log whole, with a header whose epoch is new
     * @return whether it was replaced
     */
    boolean replace(CustomerId customer, LogIdentity identity, byte[] log);

    /**
     * Removes a log, unless it has changed meanwhile. Of one that was erased the header stays for as long as after
     * {@link #erase}.
     *
     * @param identity what the log was when that was decided
     * @param now epoch milliseconds
     * @return whether it is gone
     */
    boolean remove(CustomerId customer, LogIdentity identity, long now);

    /**
     * Replaces logs by bare headers that say when: nothing of what was appended before is left, and whatever was computed
     * from it is served no more. Also for customers who have no log. The headers go after {@link #ERASED}, unless events
     * have come behind them.
     *
     * @param erasedAt epoch milliseconds
     */
    void erase(List<CustomerId> customers, long erasedAt);
}
