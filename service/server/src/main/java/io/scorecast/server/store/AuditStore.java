package io.scorecast.server.store;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The audit record: a list that only grows, one for all instances. Numbers begin at 1 and leave none out. Calls block and
 * throw {@link StoreUnavailableException} if they cannot be done.
 */
public interface AuditStore {

    /** What stands at a place of the list. */
    record Stored(long sequence, Map<String, String> fields) {

        public Stored {
            fields = Map.copyOf(fields);
        }
    }

    /** The newest; null if there is none. */
    @Nullable
    Stored last();

    /** Adds the one with this number; false if it, or a later one, is there already. */
    boolean append(long sequence, Map<String, String> fields);

    /** At most so many with lower numbers, the newest first. */
    List<Stored> before(long sequence, int limit);

    /** At most so many with higher numbers, the oldest first. */
    List<Stored> after(long sequence, int limit);

    /** A secret that all instances share: this one, unless there is one already. */
    String secret(String candidate);
}
