package io.scorecast.engine.event;

import java.util.ArrayList;
import java.util.List;

/** A sink that remembers. */
final class Heard implements EventSink {

    final List<Event> events = new ArrayList<>();
    final List<Integer> indices = new ArrayList<>();
    final List<Long> arrivals = new ArrayList<>();
    final List<EventError> errors = new ArrayList<>();

    @Override
    public void event(int index, Event event, long arrival) {
        indices.add(index);
        events.add(event);
        arrivals.add(arrival);
    }

    @Override
    public void error(EventError error) {
        errors.add(error);
    }
}
