package io.scorecast.server.audience;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.server.store.LogIdentity;
import io.scorecast.server.store.StoredLog;
import java.util.ArrayList;
import java.util.List;

/** Customers that are read together, with their logs. */
final class Chunk {

    final List<CustomerId> customers = new ArrayList<>();
    final List<StoredLog> logs = new ArrayList<>();

    /** By customer: where the next record of the spool begins. */
    final List<Long> ends = new ArrayList<>();

    /** Customers before each that an exclusion left out, and those after the last one at the end. */
    final List<Integer> excludedBefore = new ArrayList<>();

    int excludedAfter;
    long end;

    int size() {
        return customers.size();
    }

    static StoredLog spooled(byte[] log) {
        return new StoredLog(LogIdentity.NONE, log);
    }
}
