package io.scorecast.engine.event;

/** Takes what a reader of events finds, in the order of the input. */
public interface EventSink {

    /** An event that was taken, with its position in the input, from 0. */
    void event(int index, Event event);

    /** One that was not. */
    void error(EventError error);
}
