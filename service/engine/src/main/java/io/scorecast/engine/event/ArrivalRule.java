package io.scorecast.engine.event;

/** When an event that does not say so itself counts as having arrived; and whether it may say so. */
public enum ArrivalRule {

    /** For events as they come in: they arrive now, and an {@code arrival} of their own is an unknown field. */
    RECEIVED(false) {
        @Override
        long arrivalOf(EventBuilder event, long received) {
            return received;
        }
    },

    /** For files that are loaded into a service: their {@code arrival}, else now. */
    OWN_OR_RECEIVED(true) {
        @Override
        long arrivalOf(EventBuilder event, long received) {
            return event.lacksArrival() ? received : EventTime.acceptArrival(event.arrival(), received);
        }
    },

    /** For history that features are computed from: their {@code arrival}, else the instant at which they happened. */
    OWN_OR_TIME(true) {
        @Override
        long arrivalOf(EventBuilder event, long received) {
            if (!event.lacksArrival()) {
                return EventTime.acceptArrival(event.arrival(), received);
            }
            return event.lacksTime() ? received : EventTime.accept(event.time(), received);
        }
    };

    private final boolean allowsArrival;

    ArrivalRule(boolean allowsArrival) {
        this.allowsArrival = allowsArrival;
    }

    /** Whether an event may have a field {@code arrival}. */
    public boolean allowsArrival() {
        return allowsArrival;
    }

    /**
     * The event's arrival, epoch milliseconds.
     *
     * @param received when its reader got it, epoch milliseconds
     * @throws InvalidEventException if the event's own arrival, or the time that stands for it, cannot be believed
     */
    abstract long arrivalOf(EventBuilder event, long received);
}
