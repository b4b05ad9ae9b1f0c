package io.scorecast.engine.event;

import org.jspecify.annotations.Nullable;

/** Gathers an event's fields, for readers of any format. Reused after {@link #clear}; owned by one thread. */
public final class EventBuilder {

    private @Nullable EventId id;
    private @Nullable CustomerId customer;
    private @Nullable String type;
    private long time;
    private boolean hasTime;
    private long arrival;
    private boolean hasArrival;
    private @Nullable String product;
    private @Nullable String category;
    private double value = Double.NaN;
    private double quantity = Double.NaN;
    private @Nullable String order;
    private @Nullable String session;
    private EventAttributes attributes = EventAttributes.NONE;
    private @Nullable String source;

    public EventBuilder clear() {
        id = null;
        customer = null;
        type = null;
        hasTime = false;
        hasArrival = false;
        product = null;
        category = null;
        value = Double.NaN;
        quantity = Double.NaN;
        order = null;
        session = null;
        attributes = EventAttributes.NONE;
        source = null;
        return this;
    }

    public EventBuilder id(String id) {
        this.id = EventId.of(id);
        return this;
    }

    public EventBuilder customer(CustomerId customer) {
        this.customer = customer;
        return this;
    }

    public EventBuilder customer(String customer) {
        return customer(CustomerId.of(customer));
    }

    public EventBuilder type(String type) {
        this.type = type;
        return this;
    }

    public EventBuilder type(EventType type) {
        return type(type.typeName());
    }

    /** Epoch milliseconds. */
    public EventBuilder time(long time) {
        this.time = time;
        this.hasTime = true;
        return this;
    }

    /** Epoch milliseconds; only an {@link ArrivalRule} that allows it looks at it. */
    public EventBuilder arrival(long arrival) {
        this.arrival = arrival;
        this.hasArrival = true;
        return this;
    }

    public EventBuilder product(@Nullable String product) {
        this.product = product;
        return this;
    }

    public EventBuilder category(@Nullable String category) {
        this.category = category;
        return this;
    }

    /** NaN for absent. */
    public EventBuilder value(double value) {
        this.value = value;
        return this;
    }

    /** NaN for absent. */
    public EventBuilder quantity(double quantity) {
        this.quantity = quantity;
        return this;
    }

    public EventBuilder order(@Nullable String order) {
        this.order = order;
        return this;
    }

    public EventBuilder session(@Nullable String session) {
        this.session = session;
        return this;
    }

    public EventBuilder attributes(EventAttributes attributes) {
        this.attributes = attributes;
        return this;
    }

    public EventBuilder source(@Nullable String source) {
        this.source = source;
        return this;
    }

    boolean lacksId() {
        return id == null;
    }

    boolean lacksCustomer() {
        return customer == null;
    }

    boolean lacksTime() {
        return !hasTime;
    }

    long time() {
        return time;
    }

    boolean lacksArrival() {
        return !hasArrival;
    }

    long arrival() {
        return arrival;
    }

    /**
     * Builds the event as the reader of a file does and hands it, or what is wrong with it, to the sink.
     *
     * @param index position in the input, from 0
     * @param received when the reader got it, epoch milliseconds
     */
    public void send(int index, ArrivalRule rule, long received, EventSink sink) {
        Event event;
        long arrived;
        try {
            arrived = rule.arrivalOf(this, received);
            event = build(arrived);
        } catch (InvalidEventException e) {
            sink.error(new EventError(index, e.field(), e.detail()));
            return;
        }
        sink.event(index, event, arrived);
    }

    /**
     * The event as it was received at an instant: a time a little ahead of it becomes that instant, one far off is refused.
     *
     * @param arrival epoch milliseconds
     * @throws InvalidEventException if a required field is missing or a field cannot be taken
     */
    public Event build(long arrival) {
        EventId eventId = required("id", id);
        CustomerId owner = required("customer_id", customer);
        String typeName = required("type", type);
        if (!hasTime) {
            throw missing("time");
        }
        return new Event(
                eventId,
                owner,
                typeName,
                EventTime.accept(time, arrival),
                product,
                category,
                value,
                quantity,
                order,
                session,
                attributes,
                source);
    }

    private static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw missing(field);
        }
        return value;
    }

    private static InvalidEventException missing(String field) {
        return new InvalidEventException(field, field + " is missing");
    }
}
