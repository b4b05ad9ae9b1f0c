package io.scorecast.server.ingest;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventError;
import io.scorecast.engine.event.EventSink;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.server.store.ProfileStore;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Takes events from wherever they come and puts them into their customers' logs. Safe for many threads. */
public final class Ingestor {

    /** Errors that are told one by one; the rest is only counted. Of warnings no more are told. */
    static final int MAX_ERRORS = 1_000;

    private final ProfileStore profiles;
    private final Consumer<CustomerId> written;
    private final AttributeRule attributes;

    /**
     * @param written told of each customer once the events are stored, before anyone hears that they are
     * @param attributes which of them may be stored, whoever delivers
     */
    public Ingestor(ProfileStore profiles, Consumer<CustomerId> written, AttributeRule attributes) {
        this.profiles = profiles;
        this.written = written;
        this.attributes = attributes;
    }

    /**
     * What became of a delivery.
     *
     * @param errors the first of those rejected
     * @param warnings the first attributes that were left out of those accepted
     */
    public record Receipt(int accepted, int rejected, List<EventError> errors, List<EventError> warnings) {
        public Receipt {
            errors = List.copyOf(errors);
            warnings = List.copyOf(warnings);
        }
    }

    /** Which attributes may be stored. */
    public AttributeRule attributes() {
        return attributes;
    }

    /** Begins a delivery. */
    public Delivery deliver() {
        return new Delivery();
    }

    /** Collects what a reader finds and stores it in one go. Owned by one thread. */
    public final class Delivery implements EventSink {

        private final Map<CustomerId, ByteArrayOutputStream> logs = new LinkedHashMap<>();
        private final List<EventError> errors = new ArrayList<>();
        private final List<EventError> warnings = new ArrayList<>();
        private int accepted;
        private int rejected;

        @Override
        public void event(int index, Event event, long arrival) {
            Event stored = attributes.apply(event, path -> warn(index, path));
            logs.computeIfAbsent(event.customer(), customer -> new ByteArrayOutputStream())
                    .writeBytes(ProfileLog.event(stored, arrival));
            accepted++;
        }

        private void warn(int index, String path) {
            if (warnings.size() < MAX_ERRORS) {
                warnings.add(AttributeRule.warning(index, path));
            }
        }

        @Override
        public void error(EventError error) {
            rejected++;
            if (errors.size() < MAX_ERRORS) {
                errors.add(error);
            }
        }

        /**
         * Stores the good events.
         *
         * @throws io.scorecast.server.store.StoreUnavailableException if not all could be stored; sending them again is
         *     harmless
         */
        public Receipt store() {
            if (!logs.isEmpty()) {
                List<ProfileStore.Append> appends = new ArrayList<>(logs.size());
                logs.forEach((customer, bytes) -> appends.add(new ProfileStore.Append(customer, bytes.toByteArray())));
                try {
                    profiles.append(appends);
                } finally {
                    // Also after a failure: some of them may be there.
                    logs.keySet().forEach(written);
                }
            }
            return new Receipt(accepted, rejected, errors, warnings);
        }
    }
}
