package io.scorecast.server.store;

import io.scorecast.engine.event.CustomerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The profile logs. Every call blocks, costs as few round trips as it can for all customers named, and throws
 * {@link StoreUnavailableException} if it cannot be done.
 */
public interface ProfileStore {

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

    /** Appends, and begins the logs that are not there yet. On failure some may have been appended: sending all again is harmless. */
    void append(List<Append> appends);

    /** Answers in the order of the customers. */
    List<StoredLog> read(List<CustomerId> customers);

    /**
     * Some customers who have a log.
     *
     * @param cursor null for the first page
     * @param limit at least one; a page may be shorter without being the last
     * @throws IllegalArgumentException if the cursor is none
     */
    Page scan(@Nullable String cursor, int limit);
}
