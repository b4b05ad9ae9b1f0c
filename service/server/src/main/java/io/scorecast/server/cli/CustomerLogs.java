package io.scorecast.server.cli;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.profile.ProfileLog;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Profile logs in memory, one for each customer, filled in the order of delivery. The very bytes that Redis would hold:
 * about a hundred an event, so a gigabyte is enough for ten million events.
 */
final class CustomerLogs {

    private final Map<CustomerId, Log> logs = new HashMap<>();

    void add(Event event, long arrival) {
        logs.computeIfAbsent(event.customer(), customer -> new Log()).append(ProfileLog.event(event, arrival));
    }

    int size() {
        return logs.size();
    }

    /** The customers in order of their ids, so that the same events give the same file. */
    List<CustomerId> customers() {
        return logs.keySet().stream().sorted().toList();
    }

    Log of(CustomerId customer) {
        Log log = logs.get(customer);
        if (log == null) {
            throw new IllegalArgumentException("no such customer");
        }
        return log;
    }

    /** Bytes that grow. */
    static final class Log {

        private byte[] bytes = new byte[512];
        private int length;

        void append(byte[] event) {
            if (bytes.length - length < event.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length + event.length, bytes.length + (bytes.length >> 1)));
            }
            System.arraycopy(event, 0, bytes, length, event.length);
            length += event.length;
        }

        byte[] bytes() {
            return bytes;
        }

        int length() {
            return length;
        }
    }
}
